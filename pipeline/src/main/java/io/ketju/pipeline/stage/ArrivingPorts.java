package io.ketju.pipeline.stage;

import io.ketju.pipeline.stage.StagePorts.Port;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Everything that comes to a stage, in one order: the place of a port in it is the index of a table. */
final class ArrivingPorts {
    private static final int NOWHERE = -1;

    private final List<Port> ports;
    /** By kind, then by edge. */
    private final Map<TensorKey.Kind, int[]> places = new EnumMap<>(TensorKey.Kind.class);

    ArrivingPorts(StagePorts stage) {
        ports = stage.arriving().stream().distinct().toList();
        for (TensorKey.Kind kind : TensorKey.Kind.values()) {
            int edges = ports.stream()
                    .filter(port -> port.kind() == kind)
                    .mapToInt(port -> port.edge() + 1)
                    .max()
                    .orElse(0);
            int[] ofKind = new int[edges];
            Arrays.fill(ofKind, NOWHERE);
            places.put(kind, ofKind);
        }
        for (int place = 0; place < ports.size(); place++) {
            Port port = ports.get(place);
            ofKind(port.kind())[port.edge()] = place;
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
        int[] ofKind = ofKind(kind);
        return edge < 0 || edge >= ofKind.length ? NOWHERE : ofKind[edge];
    }

    private int[] ofKind(TensorKey.Kind kind) {
        return Objects.requireNonNull(places.get(kind));
    }

    int[] places(List<Port> some) {
        return some.stream().mapToInt(port -> place(port.kind(), port.edge())).toArray();
    }
}
