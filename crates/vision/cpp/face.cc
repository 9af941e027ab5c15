// Whatever dlib throws derives from std::exception and becomes an `Err` on the Rust side.
#include "yikao-vision/cpp/face.h"
#include "yikao-vision/src/face/bridge.rs.h"

#include <cstring>
#include <stdexcept>

#include <dlib/dnn.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>

namespace {

using Rgb = dlib::matrix<dlib::rgb_pixel>;

// The network of dlib's dnn_face_recognition example: 29 convolutions, trained by Davis King (public domain).
template <int N, template <typename> class BN, int STRIDE, typename SUB>
using Block = BN<dlib::con<N, 3, 3, 1, 1, dlib::relu<BN<dlib::con<N, 3, 3, STRIDE, STRIDE, SUB>>>>>;
template <int N, typename SUB>
using Same = dlib::relu<dlib::add_prev1<Block<N, dlib::affine, 1, dlib::tag1<SUB>>>>;
template <int N, typename SUB>
using Down = dlib::relu<dlib::add_prev2<
    dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<Block<N, dlib::affine, 2, dlib::tag1<SUB>>>>>>>;
template <typename SUB> using Level32 = Same<32, Same<32, Same<32, SUB>>>;
template <typename SUB> using Level64 = Same<64, Same<64, Same<64, Down<64, SUB>>>>;
template <typename SUB> using Level128 = Same<128, Same<128, Down<128, SUB>>>;
template <typename SUB> using Level256 = Same<256, Same<256, Down<256, SUB>>>;
template <typename SUB> using Level0 = Down<256, SUB>;
template <typename SUB> using Stem = dlib::max_pool<3, 3, 2, 2, dlib::relu<dlib::affine<dlib::con<32, 7, 7, 2, 2, SUB>>>>;
using Network = dlib::loss_metric<dlib::fc_no_bias<
    128, dlib::avg_pool_everything<
             Level0<Level256<Level128<Level64<Level32<Stem<dlib::input_rgb_image_sized<150>>>>>>>>>>;

} // namespace

namespace yikao {

struct Picture::Pixels {
  Rgb rgb;
};

struct Dlib::Parts {
  dlib::frontal_face_detector detector;
  dlib::shape_predictor shape;
  Network network;
};

Picture::Picture(rust::Slice<const uint8_t> rgb, uint32_t width, uint32_t height) : pixels(new Pixels) {
  if (width == 0 || height == 0 || width > 8192 || height > 8192 || rgb.size() != size_t(width) * height * 3)
    throw std::invalid_argument("the picture's size is not that of its pixels");
  pixels->rgb.set_size(height, width);
  std::memcpy(&pixels->rgb(0, 0), rgb.data(), rgb.size());
}

Picture::~Picture() = default;

Dlib::Dlib(rust::Str shape_file, rust::Str network_file) : parts(new Parts) {
  parts->detector = dlib::get_frontal_face_detector();
  dlib::deserialize(std::string(shape_file)) >> parts->shape;
  dlib::deserialize(std::string(network_file)) >> parts->network;
}

Dlib::~Dlib() = default;

rust::Vec<FaceBox> Dlib::detect(const Picture &picture, uint32_t doublings) {
  std::vector<dlib::rectangle> found;
  if (doublings == 0) {
    found = parts->detector(picture.pixels->rgb);
  } else {
    Rgb larger = picture.pixels->rgb;
    for (uint32_t done = 0; done < doublings; done++)
      dlib::pyramid_up(larger);
    found = parts->detector(larger);
  }
  dlib::pyramid_down<2> pyramid;
  rust::Vec<FaceBox> boxes;
  for (const auto &rect : found) {
    const dlib::rectangle small = pyramid.rect_down(dlib::drectangle(rect), doublings);
    boxes.push_back(FaceBox{int32_t(small.left()), int32_t(small.top()), int32_t(small.right()), int32_t(small.bottom())});
  }
  return boxes;
}

rust::Vec<Spot> Dlib::points(const Picture &picture, const FaceBox &box) const {
  const dlib::rectangle rect(box.left, box.top, box.right, box.bottom);
  const auto shape = parts->shape(picture.pixels->rgb, rect);
  rust::Vec<Spot> spots;
  for (unsigned long i = 0; i < shape.num_parts(); i++)
    spots.push_back(Spot{int32_t(shape.part(i).x()), int32_t(shape.part(i).y())});
  return spots;
}

rust::Vec<float> Dlib::embed(const Picture &picture, rust::Slice<const Spot> spots) {
  std::vector<dlib::point> points;
  for (const auto &spot : spots)
    points.emplace_back(spot.x, spot.y);
  if (points.size() != 5)
    throw std::invalid_argument("five points are needed");
  Rgb chip;
  const dlib::full_object_detection shape(dlib::rectangle(), points);
  dlib::extract_image_chip(picture.pixels->rgb, dlib::get_face_chip_details(shape, 150, 0.25), chip);
  const dlib::matrix<float, 0, 1> numbers = parts->network(chip);
  rust::Vec<float> out;
  for (long i = 0; i < numbers.size(); i++)
    out.push_back(numbers(i));
  return out;
}

std::unique_ptr<Picture> new_picture(rust::Slice<const uint8_t> rgb, uint32_t width, uint32_t height) {
  return std::unique_ptr<Picture>(new Picture(rgb, width, height));
}

std::unique_ptr<Dlib> new_dlib(rust::Str shape_file, rust::Str network_file) {
  return std::unique_ptr<Dlib>(new Dlib(shape_file, network_file));
}

} // namespace yikao
