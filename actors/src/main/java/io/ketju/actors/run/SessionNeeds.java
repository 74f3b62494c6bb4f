package io.ketju.actors.run;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.Window;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a mini-batch must have for windows of one kind or another: what any stage reads in them. */
final class SessionNeeds {
    private final PipelineSpec pipeline;
    private final List<StagePorts> stages;
    private final List<String> names;

    SessionNeeds(PipelineSpec pipeline) {
        this.pipeline = pipeline;
        stages = StagePorts.all(pipeline);
        names = BatchPorts.of(pipeline.model()).names();
    }

    /**
     * @param objectives of which there is a window each
     * @param first whether nothing was handed over before: what never changes comes with it
     */
    Set<String> of(Window.Phase phase, List<Integer> objectives, boolean first) {
        Set<String> needed = new TreeSet<>();
        for (int objective : objectives) {
            Window window = new Window(0, phase, objective, 0, Window.Part.split(1, 1), List.of());
            stages.forEach(stage -> stage.of(window).fed().forEach(port -> needed.add(names.get(port))));
        }
        pipeline.model().inputs().forEach(input -> {
            if (input.constant() && first) {
                needed.add(input.name());
            } else if (input.constant()) {
                needed.remove(input.name());
            }
        });
        return needed;
    }
}
