package io.ketju.actors.trace;

import io.ketju.actors.stage.RankTrace;
import io.ketju.actors.stage.StageTrace;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TracedAction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trace of the ranks that one worker holds during one start of one run; of a run that is not traced it does nothing. Its
 * clock shows 0 when it is made.
 */
public final class HostedTrace {
    private static final Logger LOG = LoggerFactory.getLogger(HostedTrace.class);

    /** Records of a rank that are kept for a listener alone: it is told of each at once. */
    private static final int LIVE_CAPACITY = 16;

    private final Optional<Path> folder;
    private final @Nullable Consumer<TracedAction> listener;
    private final int worker;
    private final long origin = System.nanoTime();
    private final List<RankTrace> ranks = new ArrayList<>();

    /**
     * One without ranks, whose clock begins.
     *
     * @param folder of the run, which exists when the trace is written; empty: nothing is traced
     * @param worker which one of the run's workers this is
     * @param listener hears of each action as soon as it has ended, on the thread of its rank; null if nobody does
     */
    public HostedTrace(Optional<Path> folder, int worker, @Nullable Consumer<TracedAction> listener) {
        this.folder = folder;
        this.listener = listener;
        this.worker = worker;
    }

    /**
     * {@return what is to hear of a rank; kept here for the file, where there will be one}
     *
     * @param rank its number
     * @param stages what goes in and out of each of its stages
     */
    public StageTrace ofRank(int rank, List<StagePorts> stages) {
        if (folder.isEmpty()) {
            return listener == null ? StageTrace.OFF : new RankTrace(rank, stages, origin, LIVE_CAPACITY, listener);
        }
        RankTrace trace = new RankTrace(rank, stages, origin, RankTrace.CAPACITY, listener);
        ranks.add(trace);
        return trace;
    }

    /** Writes what there is, once all ranks are released. A run is worth more than its trace: failures go to the log. */
    public void write() {
        folder.ifPresent(run -> {
            try {
                TraceFile.write(TraceFile.of(run, worker), gathered());
            } catch (IOException e) {
                LOG.error("the trace of worker {} cannot be written: {}", worker, e.toString());
            }
        });
    }

    private ProcessTrace gathered() {
        return ProcessTrace.together(ranks.stream()
                .map(rank -> new ProcessTrace(rank.actions(), rank.sent(), rank.arrived(), rank.dropped()))
                .toList());
    }
}
