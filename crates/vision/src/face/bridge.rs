//! The C++ side, call by call. Exceptions arrive as errors.

#[cxx::bridge(namespace = "yikao")]
pub(crate) mod ffi {
    /// A face's box, its edges included.
    #[derive(Clone, Copy, Debug)]
    struct FaceBox {
        left: i32,
        top: i32,
        right: i32,
        bottom: i32,
    }

    /// A point.
    #[derive(Clone, Copy, Debug)]
    struct Spot {
        x: i32,
        y: i32,
    }

    unsafe extern "C++" {
        include!("yikao-vision/cpp/face.h");

        type Picture;
        type Dlib;

        fn new_picture(rgb: &[u8], width: u32, height: u32) -> Result<UniquePtr<Picture>>;
        fn new_dlib(shape_file: &str, network_file: &str) -> Result<UniquePtr<Dlib>>;
        fn detect(self: Pin<&mut Dlib>, picture: &Picture, doublings: u32) -> Result<Vec<FaceBox>>;
        fn points(self: &Dlib, picture: &Picture, face: &FaceBox) -> Result<Vec<Spot>>;
        fn embed(self: Pin<&mut Dlib>, picture: &Picture, spots: &[Spot]) -> Result<Vec<f32>>;
    }
}
