package io.ketju.actors.stage;

import io.ketju.actors.message.CoordinatorCommand.WindowWatched;
import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.pipeline.trace.TracedTensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a rank does in windows that somebody watches, what it sends meanwhile and what it holds, told to the coordinator when the rank has
 * finished them; of all others it keeps
 * nothing and reads no clock. Times are {@link System#nanoTime}, the one clock of a process. Used by the rank's actor alone.
 */
final class WatchedRank implements StageTrace {
    /** Actions, and tensors each way, of all windows that the rank is at while it is watched. */
    private static final int KEPT = 2 * WindowWatched.MOST_ACTIONS;

    /** A window that is not finished. */
    private static final class Open {
        private long actions;
        private final Set<Integer> finished = new HashSet<>();
    }

    private final StageParts parts;
    private final StageTrace next;
    /** By the number of the window. */
    private final Map<Long, Open> open = new HashMap<>();
    /** Of what is watched; null: nothing is. */
    private @Nullable RankTrace trace;
    /** From when the trace began. */
    private @Nullable SentBytes sent;

    /** @param next hears of everything, watched or not */
    WatchedRank(StageParts parts, StageTrace next) {
        this.parts = parts;
        this.next = next;
    }

    @Override
    public void granted(StageCommand.GrantWindow grant) {
        if (grant.watched()) {
            open.put(grant.window().number(), new Open());
            if (trace == null) {
                trace = new RankTrace(
                        parts.rank(),
                        parts.computes().stream().map(StageCompute::ports).toList(),
                        0,
                        KEPT);
                sent = new SentBytes();
            }
        }
        next.granted(grant);
    }

    @Override
    public void takes(StageEvent event) {
        if (trace != null) {
            trace.takes(event);
        }
        next.takes(event);
    }

    @Override
    public void ready(StageEffect.RunCompute run) {
        if (trace != null) {
            Open window = open.get(run.window().number());
            if (window != null) {
                window.actions++;
            }
            trace.ready(run);
        }
        next.ready(run);
    }

    @Override
    public void ended(long started, long ended) {
        if (trace != null) {
            trace.ended(started, ended);
        }
        next.ended(started, ended);
    }

    @Override
    public void sends(StageEffect.SendTensor send, int to) {
        if (trace != null && sent != null) {
            trace.sends(send, to);
            sent.sends(send, to);
        }
        next.sends(send, to);
    }

    @Override
    public void handedOver() {
        if (trace != null) {
            trace.handedOver();
        }
        next.handedOver();
    }

    @Override
    public void finished(int stage, long window) {
        Open watched = open.get(window);
        if (watched != null && trace != null && sent != null) {
            watched.finished.add(stage);
            if (watched.finished.size() == parts.computes().size()) {
                open.remove(window);
                parts.coordinator()
                        .tell(new WindowWatched(
                                parts.incarnation(),
                                window,
                                parts.rank(),
                                told(trace, window, watched.actions),
                                load(sent)));
                if (open.isEmpty()) {
                    trace = null;
                    sent = null;
                }
            }
        }
        next.finished(stage, window);
    }

    private RankLoad load(SentBytes counted) {
        return new RankLoad(
                counted.nanos(),
                counted.links(),
                parts.computes().stream()
                        .limit(RankLoad.MOST_STAGES)
                        .map(StageCompute::memory)
                        .toList());
    }

    private static ProcessTrace told(RankTrace trace, long window, long all) {
        List<TracedAction> actions = newest(
                trace.actions().stream()
                        .filter(action -> action.window() == window)
                        .toList(),
                WindowWatched.MOST_ACTIONS);
        return new ProcessTrace(
                actions, tensors(trace.sent(), window), tensors(trace.arrived(), window), all - actions.size());
    }

    private static List<TracedTensor> tensors(List<TracedTensor> tensors, long window) {
        return newest(
                tensors.stream().filter(tensor -> tensor.window() == window).toList(), WindowWatched.MOST_TENSORS);
    }

    private static <T> List<T> newest(List<T> all, int most) {
        return all.subList(Math.max(0, all.size() - most), all.size());
    }
}
