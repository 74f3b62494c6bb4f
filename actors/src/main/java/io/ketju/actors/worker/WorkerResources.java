package io.ketju.actors.worker;

import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.tensor.core.TensorCore;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a worker's runs share: the threads that compute and the sockets that move bytes. Owns both.
 *
 * <p>Memory of stages that could not be released in order, because their actors were ended first, is kept here and
 * freed last, when nothing computes or sends any more.
 */
public final class WorkerResources implements AutoCloseable {
    private final TensorCore core;
    private final Optional<DataPlane> plane;
    private final LinkMode linkMode;
    private final Set<HostedMemory> unreleased = ConcurrentHashMap.newKeySet();

    /**
     * @param plane may be absent when whole runs stay in this JVM
     */
    public WorkerResources(TensorCore core, Optional<DataPlane> plane, LinkMode linkMode) {
        this.core = core;
        this.plane = plane;
        this.linkMode = linkMode;
    }

    public TensorCore core() {
        return core;
    }

    public Optional<DataPlane> plane() {
        return plane;
    }

    public LinkMode linkMode() {
        return linkMode;
    }

    /** Whether no memory of any stage is held. */
    public boolean idle() {
        return unreleased.isEmpty();
    }

    void holds(HostedMemory memory) {
        unreleased.add(memory);
    }

    void freed(HostedMemory memory) {
        unreleased.remove(memory);
    }

    /** Ends the threads, waiting for what they are at, then frees all memory. The actors have ended. */
    @Override
    public void close() {
        plane.ifPresent(DataPlane::close);
        core.close();
        for (HostedMemory memory : unreleased) {
            memory.close();
        }
        unreleased.clear();
    }
}
