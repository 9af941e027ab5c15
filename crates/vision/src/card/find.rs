//! Where text is: a network says how likely each pixel is text, and connected ones become a box (DB).

use std::path::Path;

use image::RgbImage;
use image::imageops::FilterType;
use tract_onnx::prelude::*;
use yikao_domain::face::Point;

use super::as_f32;
use super::network::{Network, level, load};

const WIDTH: usize = 992;
const HEIGHT: usize = 736;
/// How likely a pixel must be text, and the mean of a box's pixels.
const LIKELY: f32 = 0.3;
const LIKELY_BOX: f32 = 0.5;
/// Pixels of the smallest box.
const LEAST_PIXELS: usize = 30;
/// The network marks the core of a line; its box is this much larger.
const GROWN: f32 = 1.6;
/// Lines that are read: no card has more.
const MOST_LINES: usize = 40;

/// A box around a line, its corners clockwise from where reading begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quad {
    pub(super) corners: [Point; 4],
}

/// Finds lines.
pub(super) struct Finder {
    network: Network,
}

/// A rectangle: centre, direction of its width, half its width and height.
struct Rectangle {
    centre: Point,
    along: Point,
    half_width: f32,
    half_height: f32,
}

impl Finder {
    pub(super) fn load(file: &Path) -> TractResult<Self> {
        Ok(Self { network: load(file, [1, 3, HEIGHT, WIDTH])? })
    }

    /// How much a photo is enlarged to be looked at.
    pub(super) fn scale((width, height): (u32, u32)) -> f32 {
        (as_f32(WIDTH) / as_f32(width as usize)).min(as_f32(HEIGHT) / as_f32(height as usize))
    }

    /// Lines of text in a photo.
    pub(super) fn find(&self, photo: &RgbImage) -> TractResult<Vec<Quad>> {
        let scale = Self::scale(photo.dimensions());
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the network's size"
        )]
        let scaled = |side: u32| ((as_f32(side as usize) * scale) as u32).max(1);
        let (width, height) = (scaled(photo.width()), scaled(photo.height()));
        let small = image::imageops::resize(photo, width, height, FilterType::Triangle);
        let mut input = vec![-1.0_f32; 3 * HEIGHT * WIDTH];
        for (x, y, pixel) in small.enumerate_pixels() {
            for channel in 0..3 {
                let at = (channel * HEIGHT + y as usize) * WIDTH + x as usize;
                input[at] = level(f32::from(pixel.0[2 - channel]));
            }
        }
        let input = Tensor::from_shape(&[1, 3, HEIGHT, WIDTH], &input)?;
        let output = self.network.run(tvec!(input.into()))?;
        let likely = output[0].to_plain_array_view::<f32>()?;
        let likely: Vec<f32> = likely.iter().copied().collect();
        let mut quads: Vec<Quad> = boxes(&likely);
        for corner in quads.iter_mut().flat_map(|quad| &mut quad.corners) {
            *corner = Point { x: corner.x / scale, y: corner.y / scale };
        }
        Ok(quads)
    }
}

impl Quad {
    /// Length of the line in pixels.
    pub(super) fn width(&self) -> f32 {
        distance(self.corners[0], self.corners[1])
    }

    /// Height of its letters in pixels.
    pub(super) fn height(&self) -> f32 {
        distance(self.corners[0], self.corners[3])
    }

    /// The same, higher by a share of its height above and below.
    pub(super) fn grown(&self, share: f32) -> Self {
        let [a, b, c, d] = self.corners;
        let push = |point: Point, across: Point| Point {
            x: point.x + (point.x - across.x) * share,
            y: point.y + (point.y - across.y) * share,
        };
        Self { corners: [push(a, d), push(b, c), push(c, b), push(d, a)] }
    }
}

/// Boxes around what is connected, in the network's pixels.
fn boxes(likely: &[f32]) -> Vec<Quad> {
    let mut seen = vec![false; likely.len()];
    let mut quads = Vec::new();
    for start in 0..likely.len() {
        if seen[start] || likely[start] <= LIKELY || quads.len() >= MOST_LINES {
            continue;
        }
        let pixels = connected(likely, start, &mut seen);
        let mean = pixels.iter().map(|at| likely[*at]).sum::<f32>() / as_f32(pixels.len());
        if pixels.len() >= LEAST_PIXELS && mean >= LIKELY_BOX {
            quads.extend(smallest_rectangle(&hull(corners_of(&pixels))).and_then(|it| it.level().quad()));
        }
    }
    quads
}

/// Likely pixels that touch, from `start` on.
fn connected(likely: &[f32], start: usize, seen: &mut [bool]) -> Vec<usize> {
    let (mut open, mut pixels) = (vec![start], Vec::new());
    seen[start] = true;
    while let Some(at) = open.pop() {
        pixels.push(at);
        let (x, y) = (at % WIDTH, at / WIDTH);
        for near_y in y.saturating_sub(1)..=(y + 1).min(HEIGHT - 1) {
            for near_x in x.saturating_sub(1)..=(x + 1).min(WIDTH - 1) {
                let near = near_y * WIDTH + near_x;
                if !seen[near] && likely[near] > LIKELY {
                    seen[near] = true;
                    open.push(near);
                }
            }
        }
    }
    pixels
}

fn corners_of(pixels: &[usize]) -> Vec<Point> {
    let corner = |at: usize, right: usize, down: usize| Point {
        x: as_f32(at % WIDTH + right),
        y: as_f32(at / WIDTH + down),
    };
    pixels.iter().flat_map(|at| [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(x, y)| corner(*at, x, y))).collect()
}

/// The convex hull (Andrew's chains).
fn hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    let mut hull = chain(points.iter());
    hull.extend(chain(points.iter().rev()));
    hull
}

fn chain<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut chain: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = chain.as_slice() {
            if (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0.0 {
                break;
            }
            chain.pop();
        }
        chain.push(*point);
    }
    chain.pop();
    chain
}

/// The smallest rectangle around a hull: one of its sides lies on a side of the hull.
fn smallest_rectangle(hull: &[Point]) -> Option<Rectangle> {
    let sides = hull.iter().zip(hull.iter().cycle().skip(1));
    let rectangles = sides.filter_map(|(from, to)| {
        let length = distance(*from, *to);
        let along = Point { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
        (length > 1e-3).then(|| around(hull, along))
    });
    rectangles.min_by(|a, b| (a.half_width * a.half_height).total_cmp(&(b.half_width * b.half_height)))
}

fn around(hull: &[Point], along: Point) -> Rectangle {
    let range = |measure: &dyn Fn(&Point) -> f32| {
        hull.iter().map(measure).fold((f32::MAX, f32::MIN), |(low, high), at| (low.min(at), high.max(at)))
    };
    let (left, right) = range(&|point| point.x * along.x + point.y * along.y);
    let (top, bottom) = range(&|point| point.y * along.x - point.x * along.y);
    let (x, y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    Rectangle {
        centre: Point { x: x * along.x - y * along.y, y: x * along.y + y * along.x },
        along,
        half_width: (right - left) / 2.0,
        half_height: (bottom - top) / 2.0,
    }
}

impl Rectangle {
    /// The same, its width along whichever side is closer to level, pointing right.
    fn level(self) -> Self {
        let Self { centre, mut along, mut half_width, mut half_height } = self;
        if along.x.abs() < along.y.abs() {
            (half_width, half_height) = (half_height, half_width);
            along = Point { x: -along.y, y: along.x };
        }
        if along.x < 0.0 {
            along = Point { x: -along.x, y: -along.y };
        }
        Self { centre, along, half_width, half_height }
    }

    /// Grown to the whole line; `None` for a hair.
    fn quad(&self) -> Option<Quad> {
        let (wide, high) = (self.half_width, self.half_height);
        if wide.min(high) < 2.0 {
            return None;
        }
        let grow = wide * high * GROWN / (wide + high);
        let (wide, high) = (wide + grow, high + grow);
        let corner = |right: f32, down: f32| Point {
            x: self.centre.x + self.along.x * wide * right - self.along.y * high * down,
            y: self.centre.y + self.along.y * wide * right + self.along.x * high * down,
        };
        Some(Quad { corners: [corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)] })
    }
}

fn distance(one: Point, other: Point) -> f32 {
    (one.x - other.x).hypot(one.y - other.y)
}
