package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.layers.model.Node;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StageState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which files of a checkpoint a stage has to be sent: those with a tensor of it, one for most stages if the cut is the same. */
final class NeededShards {
    private final Checkpoint checkpoint;
    private final PipelineSpec pipeline;
    /** By shard: the parameters that its tensors belong to. */
    private final Map<Shard, Set<String>> parameters = new HashMap<>();
    /** Those with something that belongs to the whole model. */
    private final Set<Shard> common = new HashSet<>();

    NeededShards(Checkpoint checkpoint, PipelineSpec pipeline) {
        this.checkpoint = checkpoint;
        this.pipeline = pipeline;
        for (Shard shard : checkpoint.manifest().shards()) {
            Set<String> names = new HashSet<>();
            try (SafeTensorsReader reader =
                    SafeTensorsReader.open(checkpoint.directory().resolve(shard.file()))) {
                reader.entries().forEach(entry -> note(shard, entry.name(), names));
            }
            parameters.put(shard, names);
        }
    }

    private void note(Shard shard, String tensor, Set<String> names) {
        if (StageState.memory(pipeline.recipe())
                .filter(kept -> kept.name().equals(tensor))
                .isPresent()) {
            common.add(shard);
        }
        names.add(StageState.parameterOf(tensor));
    }

    /** In the order of the checkpoint. */
    List<Shard> of(int stage) {
        Set<String> own = new HashSet<>();
        for (Node node : pipeline.program(pipeline.counts().inPipeline(stage)).nodes()) {
            own.addAll(node.parameters());
        }
        List<Shard> needed = new ArrayList<>();
        for (Shard shard : checkpoint.manifest().shards()) {
            boolean holds = parameters.getOrDefault(shard, Set.of()).stream().anyMatch(own::contains);
            if (holds || common.contains(shard)) {
                needed.add(shard);
            }
        }
        // A stage that has something, of which the checkpoint has nothing, says so itself when it has seen all of it.
        return needed.isEmpty() && !own.isEmpty() ? checkpoint.manifest().shards() : needed;
    }
}
