package io.ketju.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.util.List;

/** A graph: nodes as circles with their names, edges as lines. */
public final class GraphPicture implements Picture {
    private static final int SIDE = 520;
    private static final int MARGIN = 34;
    private static final int TOP = 36;
    private static final int RADIUS = 11;

    private final String title;
    private final List<String> names;
    private final int[] classes;
    private final List<int[]> edges;
    private final double[][] places;

    /**
     * Places the nodes, near to those that they have an edge to.
     *
     * @param title above it
     * @param names of the nodes
     * @param classes of the nodes, from 0: their colours
     * @param edges pairs of nodes, from 0
     * @throws IllegalArgumentException if there are not as many classes as names
     */
    public GraphPicture(String title, List<String> names, int[] classes, List<int[]> edges) {
        if (classes.length != names.size()) {
            throw new IllegalArgumentException(
                    title + ": expected a class for each of " + names.size() + " nodes, found " + classes.length);
        }
        this.title = title;
        this.names = List.copyOf(names);
        this.classes = classes.clone();
        this.edges = edges.stream().map(int[]::clone).toList();
        places = GraphLayout.of(names.size(), this.edges);
    }

    @Override
    public int width() {
        return SIDE;
    }

    @Override
    public int height() {
        return SIDE + TOP - MARGIN;
    }

    @Override
    public void paint(Graphics2D graphics) {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Text.draw(graphics, Text.BOLD, title, MARGIN / 2, 22);
        graphics.setStroke(new BasicStroke(1));
        graphics.setColor(Color.LIGHT_GRAY);
        for (int[] edge : edges) {
            graphics.drawLine(x(edge[0]), y(edge[0]), x(edge[1]), y(edge[1]));
        }
        for (int node = 0; node < names.size(); node++) {
            graphics.setColor(Colours.ofClass(classes[node]));
            graphics.fill(new Ellipse2D.Double(x(node) - RADIUS, y(node) - RADIUS, 2 * RADIUS, 2 * RADIUS));
            String name = names.get(node);
            int start = x(node) - Text.width(graphics, Text.PLAIN, name) / 2;
            Text.draw(graphics, Text.PLAIN, Color.WHITE, name, start, y(node) + 4);
        }
    }

    private int x(int node) {
        return (int) Math.round(MARGIN + places[node][0] * (SIDE - 2 * MARGIN));
    }

    private int y(int node) {
        return (int) Math.round(TOP + 12 + places[node][1] * (SIDE - 2 * MARGIN - 12));
    }
}
