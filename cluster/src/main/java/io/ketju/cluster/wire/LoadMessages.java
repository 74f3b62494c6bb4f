package io.ketju.cluster.wire;

import io.ketju.pipeline.trace.LinkBytes;
import io.ketju.protocol.control.StageMemory;

/** What a rank holds and sends, as part of {@link TimelineMessages}. */
final class LoadMessages {
    private LoadMessages() {}

    static io.ketju.protocol.control.LinkBytes write(LinkBytes sent) {
        return io.ketju.protocol.control.LinkBytes.newBuilder()
                .setFrom(sent.from())
                .setTo(sent.to())
                .setBytes(sent.bytes())
                .build();
    }

    static LinkBytes read(io.ketju.protocol.control.LinkBytes proto) {
        return new LinkBytes(proto.getFrom(), proto.getTo(), proto.getBytes());
    }

    static StageMemory write(io.ketju.pipeline.stage.StageMemory held) {
        return StageMemory.newBuilder()
                .setStage(held.stage())
                .setWeights(held.weights())
                .setGradients(held.gradients())
                .setOptimizer(held.optimizer())
                .setMicrobatches(held.microbatches())
                .setBuffers(held.buffers())
                .setCopies(held.copies())
                .setSlotsUsed(held.slotsUsed())
                .build();
    }

    static io.ketju.pipeline.stage.StageMemory read(StageMemory proto) {
        return new io.ketju.pipeline.stage.StageMemory(
                proto.getStage(),
                proto.getWeights(),
                proto.getGradients(),
                proto.getOptimizer(),
                proto.getMicrobatches(),
                proto.getBuffers(),
                proto.getCopies(),
                proto.getSlotsUsed());
    }
}
