//! The chart: memory, speed and lag over time, with what was done to the daemon.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::plan::{Act, Mark};
use super::sample::Sample;
use super::verdict::LIMIT_MIB;

const SIZE: (u32, u32) = (1_100, 960);
const FONT: &str = "sans-serif";

/// One of the panels, one above the other.
struct Panel {
    title: &'static str,
    /// Where the axis ends.
    top: f64,
    lines: Vec<Line>,
}

struct Line {
    name: &'static str,
    color: RGBColor,
    /// Minutes, and values.
    points: Vec<(f64, f64)>,
}

/// The chart as an SVG.
///
/// # Errors
/// None in practice: a string takes all that is drawn on it.
pub(super) fn draw(samples: &[Sample], marks: &[Mark]) -> anyhow::Result<String> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
        root.fill(&WHITE)?;
        let minutes = samples.last().map_or(1.0, |last| last.at_s / 60.0);
        let panels = [memory(samples, minutes), speed(samples), lag(samples)];
        for (area, panel) in root.split_evenly((3, 1)).iter().zip(&panels) {
            panel.draw(area, minutes, marks)?;
        }
        root.present()?;
    }
    Ok(svg)
}

fn memory(samples: &[Sample], minutes: f64) -> Panel {
    let limit = vec![(0.0, LIMIT_MIB), (minutes, LIMIT_MIB)];
    let lines = vec![
        Line::of("resident", BLUE, samples, |sample| Some(sample.resident_mib)),
        Line { name: "budget and 48 MiB", color: RED, points: limit },
    ];
    Panel { title: "Resident memory, MiB", top: LIMIT_MIB * 1.15, lines }
}

fn speed(samples: &[Sample]) -> Panel {
    let thousands = |sample: &Sample| Some(sample.events_per_s? / 1e3);
    let lines = vec![Line::of("read", BLUE, samples, thousands)];
    Panel { title: "Thousand events a second", top: top(&lines), lines }
}

fn lag(samples: &[Sample]) -> Panel {
    let lines = vec![
        Line::of("p99", RED, samples, |sample| sample.lag_p99_s),
        Line::of("p50", BLUE, samples, |sample| sample.lag_p50_s),
    ];
    let title = "Lag of the messages deleted in each second, s";
    Panel { title, top: top(&lines), lines }
}

/// A little more than the most.
fn top(lines: &[Line]) -> f64 {
    let values = lines.iter().flat_map(|line| &line.points).map(|(_, value)| *value);
    values.fold(1.0, f64::max) * 1.1
}

impl Line {
    fn of(
        name: &'static str,
        color: RGBColor,
        samples: &[Sample],
        value: impl Fn(&Sample) -> Option<f64>,
    ) -> Self {
        let points = samples.iter().filter_map(|one| Some((one.at_s / 60.0, value(one)?)));
        Self { name, color, points: points.collect() }
    }
}

impl Panel {
    fn draw(
        &self,
        area: &DrawingArea<SVGBackend<'_>, Shift>,
        minutes: f64,
        marks: &[Mark],
    ) -> anyhow::Result<()> {
        let mut chart = ChartBuilder::on(area)
            .caption(self.title, (FONT, 18))
            .margin(10)
            .x_label_area_size(34)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..minutes, 0.0..self.top)?;
        chart
            .configure_mesh()
            .light_line_style(TRANSPARENT)
            .x_desc("minutes")
            .x_label_formatter(&|minute| format!("{minute:.0}"))
            .label_style((FONT, 13))
            .draw()?;
        for mark in marks {
            let (minute, color) = (mark.at_s / 60.0, mark.act.color());
            let ends = [(minute, 0.0), (minute, self.top)];
            chart.draw_series(LineSeries::new(ends, color.mix(0.7)))?;
            let style = (FONT, 12).into_font().color(&color);
            let name = Text::new(mark.act.name(), (minute, self.top), style);
            chart.draw_series([name])?;
        }
        for line in &self.lines {
            let series = chart.draw_series(LineSeries::new(line.points.clone(), line.color))?;
            let color = line.color;
            series
                .label(line.name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::MiddleRight)
            .background_style(WHITE.mix(0.8))
            .label_font((FONT, 13))
            .draw()?;
        Ok(())
    }
}

impl Act {
    fn name(self) -> &'static str {
        match self {
            Self::Faults => "faults on",
            Self::Stop => "SIGSTOP",
            Self::Continue => "",
            Self::Kill => "kill -9",
        }
    }

    fn color(self) -> RGBColor {
        match self {
            Self::Faults => RGBColor(120, 120, 120),
            Self::Stop | Self::Continue => RGBColor(200, 120, 0),
            Self::Kill => RGBColor(0, 130, 60),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_names_its_panels_and_marks() {
        let sample = |second: u32| Sample {
            at_s: f64::from(second),
            events_per_s: (second != 30).then_some(5e4),
            ..Sample::default()
        };
        let samples: Vec<Sample> = (0..60).map(sample).collect();
        let svg = draw(&samples, &[Mark { at_s: 30.0, act: Act::Kill }]).unwrap();
        for name in ["Resident memory", "events a second", "Lag of", "kill -9", "</svg>"] {
            assert!(svg.contains(name), "{name}");
        }
        assert!(draw(&[], &[]).is_ok());
    }
}
