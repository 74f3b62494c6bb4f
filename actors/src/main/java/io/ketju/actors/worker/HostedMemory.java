package io.ketju.actors.worker;

import io.ketju.actors.feed.MicrobatchBuffers;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.pipeline.stage.StageCompute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The memory of the stages of one run on one worker. Freed in two steps: the stages', which closes their last leases,
 * then the buffers of arrivals and of samples, once no socket fills or reads one any more. Closing twice does nothing.
 */
final class HostedMemory implements AutoCloseable {
    private final List<StageCompute> computes = new ArrayList<>();
    private final HostedLinks links;
    private Optional<MicrobatchBuffers> samples;

    /**
     * @param links with the arrival buffers; closed with this
     * @param samples buffers of the run's feeder, if it is here; closed with this
     */
    HostedMemory(HostedLinks links, Optional<MicrobatchBuffers> samples) {
        this.links = links;
        this.samples = samples;
    }

    synchronized void add(StageCompute compute) {
        computes.add(compute);
    }

    /** Frees the stages: nothing computes, and nothing that they sent is still on its way. */
    synchronized void closeStages() {
        computes.forEach(StageCompute::close);
        computes.clear();
    }

    /** Completes when all buffers of samples are back: the feeder has ended, and the stages have let go of theirs. */
    synchronized CompletableFuture<Void> samplesBack() {
        return samples.map(MicrobatchBuffers::drained).orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    @Override
    public synchronized void close() {
        closeStages();
        links.close();
        samples.ifPresent(MicrobatchBuffers::close);
        samples = Optional.empty();
    }
}
