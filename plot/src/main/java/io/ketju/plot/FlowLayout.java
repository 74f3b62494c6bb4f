package io.ketju.plot;

import java.util.Arrays;
import java.util.List;

/**
 * Where the nodes of a flow are drawn: a node one column before the first that reads it, what comes from nowhere in rows of its own,
 * others at the middle of what they read.
 */
final class FlowLayout {
    private final List<FlowPicture.Wire> wires;
    private final int[] toTheEnd;
    private final double[] rows;
    private int nextRow;

    FlowLayout(int nodes, List<FlowPicture.Wire> wires) {
        this.wires = wires;
        toTheEnd = new int[nodes];
        rows = new double[nodes];
        Arrays.fill(rows, Double.NaN);
        for (int node = nodes - 1; node >= 0; node--) {
            int from = node;
            toTheEnd[node] = wires.stream()
                    .filter(wire -> wire.from() == from)
                    .mapToInt(wire -> toTheEnd[wire.to()] + 1)
                    .max()
                    .orElse(0);
        }
        for (int node = 0; node < nodes; node++) {
            if (toTheEnd[node] == 0) {
                place(node);
            }
        }
    }

    private double place(int node) {
        if (Double.isNaN(rows[node])) {
            double[] read = wires.stream()
                    .filter(wire -> wire.to() == node)
                    .mapToDouble(wire -> place(wire.from()))
                    .toArray();
            rows[node] = Arrays.stream(read).average().orElseGet(() -> nextRow++);
        }
        return rows[node];
    }

    int columns() {
        return Arrays.stream(toTheEnd).max().orElse(0) + 1;
    }

    int rows() {
        return nextRow;
    }

    int column(int node) {
        return columns() - 1 - toTheEnd[node];
    }

    double row(int node) {
        return rows[node];
    }
}
