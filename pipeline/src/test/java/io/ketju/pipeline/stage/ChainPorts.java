package io.ketju.pipeline.stage;

import io.ketju.layers.model.Value;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.partition.Cut.Edge;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.stage.StagePorts.Port;
import java.util.ArrayList;
import java.util.List;

/** Stages of a chain: one value crosses each cut, the first stage reads the input, the last the target and makes the output. */
final class ChainPorts {
    static final Port INPUT = new Port(TensorKey.Kind.FED, 0);
    static final Port TARGET = new Port(TensorKey.Kind.FED, 1);
    static final Port ACTIVATION = new Port(TensorKey.Kind.ACTIVATION, 0);
    static final Port OUTPUT = new Port(TensorKey.Kind.OUTPUT, 0);
    static final Port GRADIENT = new Port(TensorKey.Kind.GRADIENT, 0);

    private ChainPorts() {}

    static StagePorts of(int stage, int stages) {
        List<Integer> outputs = stage == stages - 1 ? List.of(OUTPUT.edge()) : List.of();
        return new StagePorts(
                        stage,
                        stages,
                        cut(stage, stages),
                        cut(stage + 1, stages),
                        fed(stage, stages),
                        List.of(),
                        Ties.NONE)
                .withPrediction(TARGET.edge(), outputs);
    }

    private static Cut cut(int stage, int stages) {
        return stage == 0 || stage == stages ? Cut.NONE : new Cut(List.of(new Edge(new Value(stage - 1, 0), true)));
    }

    private static List<Integer> fed(int stage, int stages) {
        List<Integer> fed = new ArrayList<>();
        if (stage == 0) {
            fed.add(INPUT.edge());
        }
        if (stage == stages - 1) {
            fed.add(TARGET.edge());
        }
        return fed;
    }
}
