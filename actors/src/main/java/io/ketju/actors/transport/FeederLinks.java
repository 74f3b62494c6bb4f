package io.ketju.actors.transport;

import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageLink;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StagePorts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The links of a run's batch feeder. */
@FunctionalInterface
public interface FeederLinks {
    /**
     * {@return the link to a stage, once it is open; a failure completes the future, nothing is thrown} Whoever opens it closes it.
     *
     * @param to a stage that reads the batch
     */
    CompletableFuture<StageLink> open(StageAddress to);

    /**
     * {@return the links to all stages that read the batch, by their index; a failure of one is a failure of all}
     *
     * @param pipeline of the run, which says what stages read
     * @param stages all of the run
     */
    default CompletableFuture<Map<Integer, StageLink>> openAll(PipelineSpec pipeline, List<StageAddress> stages) {
        List<StagePorts> ports = StagePorts.all(pipeline);
        Map<Integer, CompletableFuture<StageLink>> opening = new HashMap<>();
        for (StageAddress stage : stages) {
            if (!ports.get(stage.stage()).fed().isEmpty()) {
                opening.put(stage.stage(), open(stage));
            }
        }
        return CompletableFuture.allOf(opening.values().toArray(CompletableFuture[]::new))
                .thenApply(all -> {
                    Map<Integer, StageLink> links = new HashMap<>();
                    opening.forEach((stage, link) -> links.put(stage, link.join()));
                    return links;
                });
    }
}
