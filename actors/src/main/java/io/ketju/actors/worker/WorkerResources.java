package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.RootFolders;
import io.ketju.actors.copy.CopyShelf;
import io.ketju.actors.piece.PieceSender;
import io.ketju.actors.transport.StageTransport;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's runs share: the threads that compute and the transport that moves tensors. Owns both.
 *
 * <p>Memory of stages and of copies that could not be released in order, because their actors were ended first, is kept here and
 * freed last, when nothing computes or sends any more.
 */
public final class WorkerResources implements AutoCloseable {
    private final TensorCore core;
    private final StageTransport transport;
    private final Optional<Path> traces;
    private final @Nullable Consumer<TracedAction> actions;
    private final RootFolders roots;
    private final PieceSender pieces = new PieceSender();
    private final PieceSender copies = new PieceSender();
    private final Set<HostedMemory> unreleased = ConcurrentHashMap.newKeySet();
    private final Set<CopyShelf> shelves = ConcurrentHashMap.newKeySet();

    /**
     * For runs that are not traced.
     *
     * @param core this one's from now on, who closes it
     * @param transport this one's from now on, who closes it
     */
    public WorkerResources(TensorCore core, StageTransport transport) {
        this(core, transport, Optional.empty());
    }

    /**
     * For runs that may be traced.
     *
     * @param core this one's from now on, who closes it
     * @param transport this one's from now on, who closes it
     * @param traces the folder of the run whose trace is kept there; empty: nothing is traced
     */
    public WorkerResources(TensorCore core, StageTransport transport, Optional<Path> traces) {
        this(core, transport, traces, null, RootFolders.anywhere());
    }

    /**
     * The same with bounds to what paths in messages may name.
     *
     * @param core this one's from now on, who closes it
     * @param transport this one's from now on, who closes it
     * @param traces the folder of the run whose trace is kept there; empty: nothing is traced
     * @param roots where this worker reads and writes for those who command it
     */
    public WorkerResources(TensorCore core, StageTransport transport, Optional<Path> traces, RootFolders roots) {
        this(core, transport, traces, null, roots);
    }

    /**
     * The same, without bounds, with somebody who hears of each action of every rank as soon as it has ended, on the rank's thread.
     *
     * @param core this one's from now on, who closes it
     * @param transport this one's from now on, who closes it
     * @param traces the folder of the run whose trace is kept there; empty: nothing is traced
     * @param actions returns at once; null: nobody hears of them
     */
    public WorkerResources(
            TensorCore core,
            StageTransport transport,
            Optional<Path> traces,
            @Nullable Consumer<TracedAction> actions) {
        this(core, transport, traces, actions, RootFolders.anywhere());
    }

    private WorkerResources(
            TensorCore core,
            StageTransport transport,
            Optional<Path> traces,
            @Nullable Consumer<TracedAction> actions,
            RootFolders roots) {
        this.roots = roots;
        this.core = core;
        this.transport = transport;
        this.traces = traces;
        this.actions = actions;
        transport.attendedBy(core);
    }

    /** {@return the threads that compute; stays this one's} */
    public TensorCore core() {
        return core;
    }

    /** {@return what moves tensors; stays this one's} */
    public StageTransport transport() {
        return transport;
    }

    /** Where the trace of a run is kept; empty: nothing is traced. */
    Optional<Path> traces() {
        return traces;
    }

    /** Where this worker reads and writes for those who command it. */
    RootFolders roots() {
        return roots;
    }

    /** Sends shards to where they are written. */
    PieceSender pieces() {
        return pieces;
    }

    /** Sends copies. */
    PieceSender copies() {
        return copies;
    }

    /** Who hears of actions; null if nobody does. */
    @Nullable
    Consumer<TracedAction> actions() {
        return actions;
    }

    /** {@return whether no memory of any stage is held} */
    public boolean idle() {
        return unreleased.isEmpty();
    }

    void holds(HostedMemory memory) {
        unreleased.add(memory);
    }

    void freed(HostedMemory memory) {
        unreleased.remove(memory);
    }

    /** A new one for copies; closed by who has it last, or with this. */
    CopyShelf shelf() {
        CopyShelf made = new CopyShelf(shelves::remove);
        shelves.add(made);
        return made;
    }

    /** Ends the threads, waiting for what they are at, then frees all memory. The actors have ended. */
    @Override
    public void close() {
        transport.close();
        core.close();
        pieces.close();
        copies.close();
        for (HostedMemory memory : unreleased) {
            memory.close();
        }
        unreleased.clear();
        List.copyOf(shelves).forEach(CopyShelf::close);
    }
}
