package io.ketju.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/** What is computed from what, from left to right: nodes with their names, and on each wire between two of them two short texts. */
public final class FlowPicture implements Picture {
    private static final int MARGIN = 16;
    private static final int TOP = 30;
    private static final int ROW = 64;
    private static final int LETTER = 7;
    private static final int INSET = 14;
    private static final int WIRE = 70;
    private static final int NODE_HEIGHT = 24;
    private static final int LINE = 12;
    private static final int ARROW = 6;
    private static final Color ABOVE = new Color(0, 120, 85);
    private static final Color BELOW = new Color(190, 60, 0);

    private final String title;
    private final List<String> names;
    private final List<Wire> wires;
    private final FlowLayout layout;
    private final int nodeWidth;

    /**
     * A wire between two nodes.
     *
     * @param from the node that it begins at, from 0
     * @param to a later node
     * @param above a text of a few letters, in green
     * @param below a text of a few letters, in red
     */
    public record Wire(int from, int to, String above, String below) {}

    /**
     * Places the nodes.
     *
     * @param title above it
     * @param names of the nodes in the order in which they compute; one without a name is the end of an arrow and nothing else
     * @param wires from nodes to later ones
     * @throws IllegalArgumentException if a wire does not lead from a node to a later one
     */
    public FlowPicture(String title, List<String> names, List<Wire> wires) {
        for (Wire wire : wires) {
            if (wire.from() < 0 || wire.to() <= wire.from() || wire.to() >= names.size()) {
                throw new IllegalArgumentException(title + ": expected wires from one of " + names.size()
                        + " nodes to a later one, found " + wire.from() + " to " + wire.to());
            }
        }
        this.title = title;
        this.names = List.copyOf(names);
        this.wires = List.copyOf(wires);
        layout = new FlowLayout(names.size(), this.wires);
        nodeWidth =
                INSET + LETTER * names.stream().mapToInt(String::length).max().orElse(0);
    }

    @Override
    public int width() {
        return 2 * MARGIN + layout.columns() * nodeWidth + (layout.columns() - 1) * WIRE;
    }

    @Override
    public int height() {
        return TOP + layout.rows() * ROW;
    }

    @Override
    public void paint(Graphics2D graphics) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Text.draw(graphics, Text.BOLD, title, MARGIN, 22);
        graphics.setStroke(new BasicStroke(1));
        wires.forEach(wire -> paintLine(graphics, wire));
        wires.forEach(wire -> paintTexts(graphics, wire));
        for (int node = 0; node < names.size(); node++) {
            if (!names.get(node).isEmpty()) {
                paintNode(graphics, node);
            }
        }
    }

    private void paintLine(Graphics2D graphics, Wire wire) {
        double angle = Math.atan2(y(wire.to()) - y(wire.from()), left(wire.to()) - right(wire.from()));
        graphics.setColor(Color.GRAY);
        graphics.draw(new Line2D.Double(right(wire.from()), y(wire.from()), left(wire.to()), y(wire.to())));
        Path2D head = new Path2D.Double();
        head.moveTo(left(wire.to()), y(wire.to()));
        for (double side : new double[] {0.4, -0.4}) {
            head.lineTo(
                    left(wire.to()) - ARROW * Math.cos(angle + side), y(wire.to()) - ARROW * Math.sin(angle + side));
        }
        head.closePath();
        graphics.fill(head);
    }

    /** The wire is broken where they stand, so that steep ones do not cross them out. */
    private void paintTexts(Graphics2D graphics, Wire wire) {
        int x = (right(wire.from()) + left(wire.to())) / 2;
        int y = (y(wire.from()) + y(wire.to())) / 2;
        boolean level = y(wire.from()) == y(wire.to());
        int width = Math.max(
                Text.width(graphics, Text.PLAIN, wire.above()), Text.width(graphics, Text.PLAIN, wire.below()));
        if (!level) {
            graphics.setColor(Color.WHITE);
            graphics.fillRect(x - width / 2 - 1, y - LINE - 1, width + 2, 2 * LINE + 2);
        }
        draw(graphics, ABOVE, wire.above(), x, y - 3);
        draw(graphics, BELOW, wire.below(), x, y + LINE);
    }

    private static void draw(Graphics2D graphics, Color colour, String text, int x, int y) {
        Text.draw(graphics, Text.PLAIN, colour, text, x - Text.width(graphics, Text.PLAIN, text) / 2, y);
    }

    private void paintNode(Graphics2D graphics, int node) {
        RoundRectangle2D box = new RoundRectangle2D.Double(
                left(node), y(node) - NODE_HEIGHT / 2.0, nodeWidth, NODE_HEIGHT, NODE_HEIGHT, NODE_HEIGHT);
        graphics.setColor(Colours.mix(Color.WHITE, Colours.ofClass(0), 0.15));
        graphics.fill(box);
        graphics.setColor(Colours.ofClass(0));
        graphics.draw(box);
        Text.centred(graphics, Text.PLAIN, names.get(node), left(node) + nodeWidth / 2, y(node) + 4);
    }

    private int left(int node) {
        return MARGIN + layout.column(node) * (nodeWidth + WIRE);
    }

    private int right(int node) {
        return left(node) + nodeWidth;
    }

    private int y(int node) {
        return (int) Math.round(TOP + (layout.row(node) + 0.5) * ROW);
    }
}
