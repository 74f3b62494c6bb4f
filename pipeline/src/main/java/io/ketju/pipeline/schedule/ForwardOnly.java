package io.ketju.pipeline.schedule;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.List;
import java.util.stream.IntStream;

/** Evaluation: forwards in order and nothing else. In flight: one micro-batch, freed when its forward ends. */
public record ForwardOnly() implements Schedule {
    @Override
    public String name() {
        return "ForwardOnly";
    }

    @Override
    public List<Action> actions(int stage, int stages, int microbatches) {
        return IntStream.range(0, microbatches)
                .mapToObj(m -> new Action(stage, Kind.F, m))
                .toList();
    }
}
