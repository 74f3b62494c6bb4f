package io.ketju.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/**
 * A piece of the plane with what lies on it: regions of classes or the heights of a function below, points and paths on top,
 * a legend beside it. What lies outside of the axes is not drawn.
 *
 * <pre>{@code
 * Plane plane = new Plane("XOR", new Axis(-1, 2), new Axis(-1, 2));
 * plane.regions(winners(plane.places())).points("0", 0, xs, ys);
 * }</pre>
 */
public final class Plane implements Picture {
    private static final int CELL = 3;
    private static final int CELLS = 120;
    private static final int SIDE = CELL * CELLS;
    private static final int LEFT = 52;
    private static final int TOP = 34;
    private static final int BOTTOM = 34;
    private static final int LEGEND = 150;
    private static final int LEGEND_TEXT = 26;
    private static final int TITLE_OF_AXIS = 18;
    private static final double LETTER = 6.5;
    private static final int DOT = 7;
    private static final int LINE_OF_TEXT = 18;
    private static final double LEVELS = 14;
    private static final double STRENGTHS = 12;
    private static final double PALE = 0.6;
    private static final Color SLATE = new Color(70, 90, 120);

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Mark> marks = new ArrayList<>();
    private String below = "";
    private String beside = "";
    private Cells.Colouring ground = (row, column) -> Color.WHITE;

    /** Something with a name and a colour. */
    private record Mark(String name, Color colour, List<Double> x, List<Double> y, boolean joined) {
        Mark(String name, Color colour, double[] x, double[] y, boolean joined) {
            this(
                    name,
                    colour,
                    Arrays.stream(x).boxed().toList(),
                    Arrays.stream(y).boxed().toList(),
                    joined);
            if (x.length != y.length) {
                throw new IllegalArgumentException(
                        name + ": expected as many x as y, found " + x.length + " and " + y.length);
            }
        }
    }

    /**
     * Begins with white ground and nothing on it.
     *
     * @param title above it
     * @param x from left to right
     * @param y from bottom to top
     */
    public Plane(String title, Axis x, Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    /**
     * Says what the axes are.
     *
     * @param horizontal below the horizontal axis
     * @param vertical beside the vertical axis, upwards
     * @return this
     */
    public Plane axes(String horizontal, String vertical) {
        below = horizontal;
        beside = vertical;
        return this;
    }

    /**
     * {@return the middles of the ground's cells, [cells, 2], x and y each, row by row from the top: where the numbers are asked
     * for that colour it}
     */
    public double[][] places() {
        double[][] places = new double[CELLS * CELLS][];
        for (int i = 0; i < places.length; i++) {
            int row = i / CELLS;
            int column = i % CELLS;
            double down = (row + 0.5) / CELLS;
            double across = (column + 0.5) / CELLS;
            places[i] = new double[] {x.low() + across * (x.high() - x.low()), y.high() - down * (y.high() - y.low())};
        }
        return places;
    }

    /**
     * Colours the ground by classes, pale.
     *
     * @param classes one for each of {@link #places}, from 0
     * @return this
     * @throws IllegalArgumentException if there are not as many as places
     */
    public Plane regions(int[] classes) {
        int[] shown = requirePlaces(classes.clone(), classes.length);
        ground = (row, column) -> Colours.pale(shown[row * CELLS + column]);
        return this;
    }

    /**
     * Colours the ground by a probability: 0 is the colour of class 0, one half is white, 1 is the colour of class 1.
     *
     * @param ofClassOne one for each of {@link #places}
     * @return this
     * @throws IllegalArgumentException if there are not as many as places
     */
    public Plane probability(double[] ofClassOne) {
        double[] shares = requirePlaces(ofClassOne.clone(), ofClassOne.length);
        ground = (row, column) -> {
            double share = Math.clamp(shares[row * CELLS + column], 0.0, 1.0);
            Color full = Colours.ofClass(share < 0.5 ? 0 : 1);
            double strength = Math.round(Math.abs(share - 0.5) * 2 * STRENGTHS) / STRENGTHS;
            return Colours.mix(Color.WHITE, full, strength * PALE);
        };
        return this;
    }

    /**
     * Colours the ground by the height of a function, in steps that are smaller near the lowest place.
     *
     * @param function of x and y, finite; asked now, at each of {@link #places}
     * @return this
     */
    public Plane heights(DoubleBinaryOperator function) {
        double[] heights = Arrays.stream(places())
                .mapToDouble(place -> function.applyAsDouble(place[0], place[1]))
                .toArray();
        double lowest = Arrays.stream(heights).min().orElse(0);
        double most = Math.log1p(Arrays.stream(heights).max().orElse(0) - lowest);
        ground = (row, column) -> {
            double share = most == 0 ? 0 : Math.log1p(heights[row * CELLS + column] - lowest) / most;
            return Colours.mix(Color.WHITE, SLATE, PALE * Math.floor(share * LEVELS) / LEVELS);
        };
        return this;
    }

    private static <T> T requirePlaces(T values, int count) {
        if (count != CELLS * CELLS) {
            throw new IllegalArgumentException(
                    "plane: expected a value for each of " + CELLS * CELLS + " places, found " + count);
        }
        return values;
    }

    /**
     * Adds points of a class.
     *
     * @param name in the legend
     * @param ofClass from 0: their colour
     * @param x numbers on the horizontal axis
     * @param y numbers on the vertical axis, as many
     * @return this
     * @throws IllegalArgumentException if there are not as many x as y
     */
    public Plane points(String name, int ofClass, double[] x, double[] y) {
        marks.add(new Mark(name, Colours.ofClass(ofClass), x, y, false));
        return this;
    }

    /**
     * Adds a line through points in their order, with a dot at its end.
     *
     * @param name in the legend
     * @param colour as of a class, from 0
     * @param x numbers on the horizontal axis
     * @param y numbers on the vertical axis, as many; with none the name stands in the legend alone
     * @return this
     * @throws IllegalArgumentException if there are not as many x as y
     */
    public Plane path(String name, int colour, double[] x, double[] y) {
        marks.add(new Mark(name, Colours.ofClass(colour), x, y, true));
        return this;
    }

    @Override
    public int width() {
        int longest =
                marks.stream().mapToInt(mark -> mark.name().length()).max().orElse(0);
        int legend = Math.max(LEGEND, (int) (LEGEND_TEXT + LETTER * longest) + 4);
        return LEFT + SIDE + (marks.isEmpty() ? 20 : legend);
    }

    @Override
    public int height() {
        return TOP + SIDE + BOTTOM + (below.isEmpty() ? 0 : TITLE_OF_AXIS);
    }

    @Override
    public void paint(Graphics2D graphics) {
        new Cells(LEFT, TOP, CELL, CELLS, CELLS).paint(graphics, ground);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Text.centred(graphics, Text.BOLD, title, LEFT + SIDE / 2, TOP - 12);
        paintAxes(graphics);
        for (int i = 0; i < marks.size(); i++) {
            Mark mark = marks.get(i);
            if (mark.joined()) {
                paintPath(graphics, mark);
            } else {
                paintPoints(graphics, mark);
            }
            int line = TOP + 10 + i * LINE_OF_TEXT;
            dot(graphics, mark.colour(), LEFT + SIDE + 16, line - 4);
            Text.draw(graphics, Text.PLAIN, mark.name(), LEFT + SIDE + LEGEND_TEXT, line);
        }
    }

    private void paintAxes(Graphics2D graphics) {
        graphics.setColor(Color.GRAY);
        graphics.drawRect(LEFT, TOP, SIDE, SIDE);
        for (double tick : x.ticks()) {
            Text.centred(graphics, Text.PLAIN, Text.of(tick), (int) across(tick), TOP + SIDE + 16);
        }
        for (double tick : y.ticks()) {
            Text.endingAt(graphics, Text.PLAIN, Text.of(tick), LEFT - 6, (int) down(tick) + 4);
        }
        Text.centred(graphics, Text.PLAIN, below, LEFT + SIDE / 2, TOP + SIDE + 16 + TITLE_OF_AXIS);
        int half = Text.width(graphics, Text.PLAIN, beside) / 2;
        Text.upwards(graphics, Text.PLAIN, beside, 14, TOP + SIDE / 2 + half);
    }

    private void paintPoints(Graphics2D graphics, Mark mark) {
        for (int i = 0; i < mark.x().size(); i++) {
            if (inside(mark.x().get(i), mark.y().get(i))) {
                dot(
                        graphics,
                        mark.colour(),
                        across(mark.x().get(i)),
                        down(mark.y().get(i)));
            }
        }
    }

    /** Parts outside are left out: a path that leaves begins again where it comes back. */
    private void paintPath(Graphics2D graphics, Mark mark) {
        Path2D line = new Path2D.Double();
        boolean drawing = false;
        int last = -1;
        for (int i = 0; i < mark.x().size(); i++) {
            if (!inside(mark.x().get(i), mark.y().get(i))) {
                drawing = false;
                continue;
            }
            if (drawing) {
                line.lineTo(across(mark.x().get(i)), down(mark.y().get(i)));
            } else {
                line.moveTo(across(mark.x().get(i)), down(mark.y().get(i)));
            }
            drawing = true;
            last = i;
        }
        graphics.setColor(mark.colour());
        graphics.setStroke(new BasicStroke(1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        graphics.draw(line);
        if (last >= 0 && last == mark.x().size() - 1) {
            dot(
                    graphics,
                    mark.colour(),
                    across(mark.x().get(last)),
                    down(mark.y().get(last)));
        }
    }

    private static void dot(Graphics2D graphics, Color colour, double x, double y) {
        Ellipse2D dot = new Ellipse2D.Double(x - DOT / 2.0, y - DOT / 2.0, DOT, DOT);
        graphics.setColor(colour);
        graphics.fill(dot);
        graphics.setStroke(new BasicStroke(1));
        graphics.setColor(Color.WHITE);
        graphics.draw(dot);
    }

    private boolean inside(double atX, double atY) {
        return atX >= x.low() && atX <= x.high() && atY >= y.low() && atY <= y.high();
    }

    private double across(double value) {
        return LEFT + x.share(value) * SIDE;
    }

    private double down(double value) {
        return TOP + (1 - y.share(value)) * SIDE;
    }
}
