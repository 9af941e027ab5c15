//! Builds the bridge to dlib, and says what is missing when dlib is not there.

use std::process::{Command, Stdio};

fn main() {
    for file in ["src/face/bridge.rs", "cpp/face.cc", "cpp/face.h"] {
        println!("cargo:rerun-if-changed={file}");
    }
    let mut build = cxx_build::bridge("src/face/bridge.rs");
    // Optimised in every profile: unoptimised, a face takes a minute.
    build.file("cpp/face.cc").std("c++14").opt_level(2).debug(false).define("NDEBUG", None).warnings(false);
    if !dlib_is_there(|| build.try_get_compiler().ok().map(|compiler| compiler.to_command())) {
        println!(
            "cargo:warning=yikao-vision needs dlib and OpenBLAS: apt-get install libdlib-dev libopenblas-dev"
        );
        eprintln!("dlib or OpenBLAS is missing. `make setup` installs both: libdlib-dev, libopenblas-dev.");
        std::process::exit(1);
    }
    build.compile("yikao-face");
    println!("cargo:rustc-link-lib=dlib");
    println!("cargo:rustc-link-lib=openblas");
}

/// Whether a program that includes dlib links.
fn dlib_is_there(compiler: impl Fn() -> Option<Command>) -> bool {
    let probe = |arguments: &[&str]| {
        compiler().is_some_and(|mut command| {
            command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        })
    };
    probe(&["-E", "-include", "dlib/dnn.h", "-x", "c++", "/dev/null"])
        && probe(&["-shared", "-o", "/dev/null", "-x", "c++", "/dev/null", "-ldlib", "-lopenblas"])
}
