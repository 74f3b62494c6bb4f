package io.ketju.pipeline.stage;

import io.ketju.pipeline.stage.StagePorts.Port;
import java.util.Arrays;
import java.util.List;

/** Everything that comes to a stage, in one order: the place of a port in it is the index of a table. */
final class ArrivingPorts {
    private static final int NOWHERE = -1;

    private final List<Port> ports;
    /** By kind and edge. */
    private final int[][] places;

    ArrivingPorts(StagePorts stage) {
        ports = stage.arriving().stream().distinct().toList();
        places = new int[TensorKey.Kind.values().length][];
        for (TensorKey.Kind kind : TensorKey.Kind.values()) {
            int edges = ports.stream()
                    .filter(port -> port.kind() == kind)
                    .mapToInt(port -> port.edge() + 1)
                    .max()
                    .orElse(0);
            places[kind.ordinal()] = new int[edges];
            Arrays.fill(places[kind.ordinal()], NOWHERE);
        }
        for (int place = 0; place < ports.size(); place++) {
            Port port = ports.get(place);
            places[port.kind().ordinal()][port.edge()] = place;
        }
    }

    int count() {
        return ports.size();
    }

    Port port(int place) {
        return ports.get(place);
    }

    /** Negative where no such tensor ever comes. */
    int place(TensorKey.Kind kind, int edge) {
        int[] ofKind = places[kind.ordinal()];
        return edge < 0 || edge >= ofKind.length ? NOWHERE : ofKind[edge];
    }

    int[] places(List<Port> some) {
        return some.stream().mapToInt(port -> place(port.kind(), port.edge())).toArray();
    }
}
