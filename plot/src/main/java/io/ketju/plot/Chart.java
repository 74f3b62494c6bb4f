package io.ketju.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Curves and points over two axes, with a legend. Numbers that are not finite are left out, and so are those that a
 * logarithmic axis cannot show.
 *
 * <pre>{@code
 * new Chart("loss", "epoch", "cross entropy").line("train", epochs, train).line("test", epochs, test)
 * }</pre>
 */
public final class Chart implements Picture {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 400;
    private static final float LINE = 1.6f;
    private static final int LARGEST_MARKER = 7;
    private static final int SMALLEST_MARKER = 4;
    private static final int MANY_POINTS = 200;

    private final XYChart chart;
    private boolean logarithmicX;
    private boolean logarithmicY;
    private int series;

    /**
     * Begins a chart without a curve.
     *
     * @param title above it
     * @param xAxis below the horizontal axis
     * @param yAxis beside the vertical axis
     */
    public Chart(String title, String xAxis, String yAxis) {
        chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        var style = chart.getStyler();
        style.setChartBackgroundColor(Color.WHITE);
        style.setPlotBorderVisible(false);
        style.setPlotGridLinesColor(new Color(225, 225, 225));
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
        style.setLegendBorderColor(Color.WHITE);
        style.setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        style.setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
        style.setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        style.setLocale(Locale.ROOT);
    }

    /**
     * Has powers of ten at equal distances on the horizontal axis; before the first line.
     *
     * @return this
     */
    public Chart logarithmicX() {
        chart.getStyler().setXAxisLogarithmic(true);
        logarithmicX = true;
        return this;
    }

    /**
     * Has powers of ten at equal distances on the vertical axis; before the first line.
     *
     * @return this
     */
    public Chart logarithmicY() {
        chart.getStyler().setYAxisLogarithmic(true);
        logarithmicY = true;
        return this;
    }

    /**
     * Says from where to where the vertical axis goes; by itself it takes what there is.
     *
     * @param low the lower end
     * @param high the upper end
     * @return this
     */
    public Chart between(double low, double high) {
        chart.getStyler().setYAxisMin(low);
        chart.getStyler().setYAxisMax(high);
        return this;
    }

    /**
     * Adds a curve through points in their order; one whose points are all left out is left out.
     *
     * @param name in the legend; no other curve's
     * @param x numbers on the horizontal axis
     * @param y numbers on the vertical axis, as many
     * @return this
     * @throws IllegalArgumentException if there are not as many x as y
     */
    public Chart line(String name, double[] x, double[] y) {
        XYSeries line = add(name, x, y);
        if (line != null) {
            line.setMarker(SeriesMarkers.NONE);
            line.setLineStyle(SeriesLines.SOLID);
            line.setLineWidth(LINE);
        }
        return this;
    }

    /**
     * Adds a curve over 1, 2, 3 and so on.
     *
     * @param name in the legend; no other curve's
     * @param y numbers on the vertical axis
     * @return this
     */
    public Chart line(String name, double[] y) {
        return line(name, counting(y.length), y);
    }

    /**
     * Adds a broken curve, for what the others are compared with.
     *
     * @param name in the legend; no other curve's
     * @param x numbers on the horizontal axis
     * @param y numbers on the vertical axis, as many
     * @return this
     * @throws IllegalArgumentException if there are not as many x as y
     */
    public Chart reference(String name, double[] x, double[] y) {
        XYSeries line = add(name, x, y);
        if (line != null) {
            line.setMarker(SeriesMarkers.NONE);
            line.setLineStyle(
                    new BasicStroke(LINE, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {6, 4}, 0));
        }
        return this;
    }

    /**
     * Adds points alone.
     *
     * @param name in the legend; no other curve's
     * @param x numbers on the horizontal axis
     * @param y numbers on the vertical axis, as many
     * @return this
     * @throws IllegalArgumentException if there are not as many x as y
     */
    public Chart points(String name, double[] x, double[] y) {
        XYSeries points = add(name, x, y);
        if (points != null) {
            points.setMarker(SeriesMarkers.CIRCLE);
            points.setLineStyle(SeriesLines.NONE);
            chart.getStyler().setMarkerSize(y.length > MANY_POINTS ? SMALLEST_MARKER : LARGEST_MARKER);
        }
        return this;
    }

    private @Nullable XYSeries add(String name, double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    name + ": expected as many x as y, found " + x.length + " and " + y.length);
        }
        double[] shownX = new double[x.length];
        double[] shownY = new double[x.length];
        int shown = 0;
        for (int i = 0; i < x.length; i++) {
            if (shown(x[i], logarithmicX) && shown(y[i], logarithmicY)) {
                shownX[shown] = x[i];
                shownY[shown++] = y[i];
            }
        }
        Color colour = Colours.ofClass(series++);
        if (shown == 0) {
            return null;
        }
        XYSeries added = chart.addSeries(name, Arrays.copyOf(shownX, shown), Arrays.copyOf(shownY, shown));
        added.setLineColor(colour);
        added.setMarkerColor(colour);
        return added;
    }

    private static boolean shown(double value, boolean logarithmic) {
        return Double.isFinite(value) && (!logarithmic || value > 0);
    }

    private static double[] counting(int count) {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i + 1;
        }
        return numbers;
    }

    @Override
    public int width() {
        return chart.getWidth();
    }

    @Override
    public int height() {
        return chart.getHeight();
    }

    @Override
    public void paint(Graphics2D graphics) {
        chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
        chart.paint(graphics, width(), height());
    }
}
