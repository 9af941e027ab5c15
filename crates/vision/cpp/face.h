// dlib behind plain calls: find faces, place five points, compute the 128 numbers. One per thread.
#pragma once
#include <cstdint>
#include <memory>
#include "rust/cxx.h"

namespace yikao {

struct FaceBox;
struct Spot;

// An RGB picture, copied once for all calls on it.
class Picture {
public:
  Picture(rust::Slice<const uint8_t> rgb, uint32_t width, uint32_t height);
  ~Picture();
  struct Pixels;
  std::unique_ptr<Pixels> pixels;
};

// Detector, shape predictor and network.
class Dlib {
public:
  Dlib(rust::Str shape_file, rust::Str network_file);
  ~Dlib();
  // Faces, in the picture's own pixels, after doubling it `doublings` times.
  rust::Vec<FaceBox> detect(const Picture &picture, uint32_t doublings);
  // Both corners of both eyes, and the base of the nose.
  rust::Vec<Spot> points(const Picture &picture, const FaceBox &box) const;
  // The 128 numbers of the face with these points.
  rust::Vec<float> embed(const Picture &picture, rust::Slice<const Spot> spots);

private:
  struct Parts;
  std::unique_ptr<Parts> parts;
};

std::unique_ptr<Picture> new_picture(rust::Slice<const uint8_t> rgb, uint32_t width, uint32_t height);
std::unique_ptr<Dlib> new_dlib(rust::Str shape_file, rust::Str network_file);

} // namespace yikao
