package io.ketju.tests.simulation;

import io.ketju.actors.feed.FeedAhead;
import io.ketju.actors.message.RunTicket;
import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.TensorType;
import java.util.Collection;
import java.util.stream.Stream;

/** A connection for tensors of one kind, of one start of one run: what is of another start finds no end of it. */
record Edge(RunTicket ticket, int from, int to, TensorKey.Kind kind) {
    /** Tensors under way at once: the sender's credits, and the receiver's buffers. */
    int buffers(PipelineSpec pipeline) {
        StagePorts receiver = StagePorts.all(pipeline).get(to);
        return switch (kind) {
            case FED -> receiver.fed().size() * FeedAhead.of(pipeline).buffers();
            case ACTIVATION ->
                receiver.before().edges().size()
                        * StagePlan.all(pipeline).get(from).activationBuffers();
            case GRADIENT ->
                receiver.after().gradientValues().size()
                        * StagePlan.all(pipeline).get(from).gradientBuffers();
            case TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT, OUTPUT ->
                throw new IllegalStateException(
                        "simulated jobs share no parameters, have no replicas and predict nothing");
        };
    }

    /** Bytes of the largest tensor that any stage is sent. */
    static long largestBytes(PipelineSpec pipeline) {
        ModelTypes types = pipeline.largestTypes();
        Stream<TensorType> made = types.outputs().stream().flatMap(Collection::stream);
        Stream<TensorType> fed = BatchPorts.of(pipeline.model()).types(pipeline.model(), types).stream();
        return Stream.concat(made, fed)
                .mapToLong(type -> type.shape().bytes())
                .max()
                .orElseThrow();
    }
}
