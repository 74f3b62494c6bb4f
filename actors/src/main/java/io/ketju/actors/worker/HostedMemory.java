package io.ketju.actors.worker;

import io.ketju.actors.transport.HostedLinks;
import io.ketju.pipeline.stage.StageCompute;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of the stages of one run on one worker. Freed in two steps: the stages', which closes their last leases,
 * then the arrival buffers', once no socket fills one any more. Closing twice does nothing.
 */
final class HostedMemory implements AutoCloseable {
    private final List<StageCompute> computes = new ArrayList<>();
    private final HostedLinks links;

    /**
     * @param links with the arrival buffers; closed with this
     */
    HostedMemory(HostedLinks links) {
        this.links = links;
    }

    synchronized void add(StageCompute compute) {
        computes.add(compute);
    }

    /** Frees the stages: nothing computes, and nothing that they sent is still on its way. */
    synchronized void closeStages() {
        computes.forEach(StageCompute::close);
        computes.clear();
    }

    @Override
    public synchronized void close() {
        closeStages();
        links.close();
    }
}
