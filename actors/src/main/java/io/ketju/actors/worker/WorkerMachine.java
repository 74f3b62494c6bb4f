package io.ketju.actors.worker;

import io.ketju.actors.message.RunTicket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds the stages of one run at a time, and perhaps its feeder, as a pure machine: from the request to hold them until the memory of the last
 * one is free. What comes for another run, or for one that has gone, changes nothing. No clock, no thread, no actor.
 */
final class WorkerMachine {
    /** Why a worker refuses that holds stages of another run. */
    static final String BUSY = "busy with another run";

    /** Why one refuses that has to go, or is wanted no longer. */
    static final String LEAVING = "about to end";

    private enum State {
        FREE,
        BUILDING,
        HOLDING,
        STOPPING_FEEDER,
        RELEASING,
        FREEING
    }

    /** Stages whose actors live. */
    private final Set<Integer> living = new TreeSet<>();
    /** Stages that were asked to let go and have not answered. */
    private final Set<Integer> releasing = new TreeSet<>();

    private State state = State.FREE;
    /** Whether the run's feeder lives here. */
    private boolean feeds;

    private boolean leaving;
    /** Whether the run that is held is to do without this worker. */
    private boolean handsOver;

    private int placement;
    private @Nullable RunTicket ticket;
    private String reason = "";

    /** Takes one event; returns what is to be done, in order. */
    List<HostingEffect> on(HostingEvent event) {
        List<HostingEffect> effects = new ArrayList<>();
        switch (event) {
            case HostingEvent.PlaceAsked asked -> onPlace(asked, effects);
            case HostingEvent.Built built -> onBuilt(built, effects);
            case HostingEvent.NotBuilt failed -> onNotBuilt(failed.placement(), effects);
            case HostingEvent.ConnectAsked asked -> onConnect(asked.ticket(), effects);
            case HostingEvent.LinksAnswered answer -> onLinks(answer, effects);
            case HostingEvent.ReleaseAsked asked -> {
                if (asked.ticket().equals(ticket)) {
                    release(asked.reason(), effects);
                }
            }
            case HostingEvent.CoordinatorLost lost -> {
                if (lost.placement() == placement) {
                    release("the coordinator is gone", effects);
                }
            }
            case HostingEvent.RankReleased released -> onReleased(released.placement(), released.rank(), effects);
            case HostingEvent.RankEnded ended -> onEnded(ended, effects);
            case HostingEvent.FeederEnded ended -> onFeederEnded(ended.placement(), effects);
            case HostingEvent.Freed freed -> onFreed(freed.placement(), effects);
            case HostingEvent.Noted noted -> {}
            case HostingEvent.LeaveAsked asked -> {
                leaving = true;
                leaveIfFree(effects);
            }
            case HostingEvent.HandOverAsked asked -> onHandOver(effects);
        }
        return effects;
    }

    /** Whether no run is held. */
    boolean free() {
        return state == State.FREE;
    }

    private void onPlace(HostingEvent.PlaceAsked asked, List<HostingEffect> effects) {
        if (state != State.FREE || leaving) {
            effects.add(new HostingEffect.Refuse(asked.placement(), leaving ? LEAVING : BUSY));
            return;
        }
        state = State.BUILDING;
        placement = asked.placement();
        ticket = asked.ticket();
        living.clear();
        living.addAll(asked.ranks());
        effects.add(new HostingEffect.Build(placement));
    }

    private void onBuilt(HostingEvent.Built built, List<HostingEffect> effects) {
        if (built.placement() == placement && state == State.BUILDING) {
            state = State.HOLDING;
            feeds = built.feeds();
            reportLeaving(effects);
        }
    }

    private void onNotBuilt(int failed, List<HostingEffect> effects) {
        if (failed == placement && state == State.BUILDING) {
            becomeFree(effects);
        }
    }

    private void onConnect(RunTicket asked, List<HostingEffect> effects) {
        if (state == State.HOLDING && asked.equals(ticket)) {
            effects.add(new HostingEffect.OpenLinks());
        }
    }

    /** Also told when the run is being released: nobody minds. */
    private void onLinks(HostingEvent.LinksAnswered answer, List<HostingEffect> effects) {
        if (answer.placement() == placement && state != State.FREE) {
            effects.add(answer.failure()
                    .<HostingEffect>map(HostingEffect.ReportUnconnected::new)
                    .orElseGet(HostingEffect.ReportConnected::new));
        }
    }

    /** First the feeder, so that no tensor comes to a stage that has gone. */
    private void release(String why, List<HostingEffect> effects) {
        if (state != State.HOLDING) {
            return;
        }
        reason = why;
        if (feeds) {
            state = State.STOPPING_FEEDER;
            effects.add(new HostingEffect.StopFeeder());
        } else {
            releaseRanks(effects);
        }
    }

    private void onFeederEnded(int of, List<HostingEffect> effects) {
        if (of != placement || !feeds) {
            return;
        }
        feeds = false;
        if (state == State.HOLDING) {
            effects.add(new HostingEffect.ReportFeederEnded());
        } else if (state == State.STOPPING_FEEDER) {
            releaseRanks(effects);
        }
    }

    private void releaseRanks(List<HostingEffect> effects) {
        state = State.RELEASING;
        effects.add(new HostingEffect.RefuseArrivals());
        releasing.addAll(living);
        living.forEach(rank -> effects.add(new HostingEffect.ReleaseRank(rank, reason)));
        freeWhenReleased(effects);
    }

    private void onReleased(int of, int rank, List<HostingEffect> effects) {
        if (of == placement) {
            releasing.remove(rank);
            freeWhenReleased(effects);
        }
    }

    /** Expected after the end; before it, a rank's actor died of an error that it could not report. */
    private void onEnded(HostingEvent.RankEnded ended, List<HostingEffect> effects) {
        if (ended.placement() != placement) {
            return;
        }
        living.remove(ended.rank());
        switch (state) {
            case HOLDING -> effects.add(new HostingEffect.ReportDied(ended.rank()));
            case RELEASING -> onReleased(ended.placement(), ended.rank(), effects);
            case FREE, BUILDING, STOPPING_FEEDER, FREEING -> {}
        }
    }

    private void freeWhenReleased(List<HostingEffect> effects) {
        if (state == State.RELEASING && releasing.isEmpty()) {
            state = State.FREEING;
            effects.add(new HostingEffect.Free());
        }
    }

    private void onFreed(int freed, List<HostingEffect> effects) {
        if (freed == placement && state == State.FREEING) {
            effects.add(new HostingEffect.ReportReleased(reason));
            becomeFree(effects);
        }
    }

    private void becomeFree(List<HostingEffect> effects) {
        state = State.FREE;
        ticket = null;
        leaveIfFree(effects);
    }

    /** Asked again, it says nothing more. What is being let go of needs no other place. */
    private void onHandOver(List<HostingEffect> effects) {
        boolean first = !handsOver;
        leaving = true;
        handsOver = true;
        if (first) {
            reportLeaving(effects);
            leaveIfFree(effects);
        }
    }

    private void reportLeaving(List<HostingEffect> effects) {
        if (handsOver && state == State.HOLDING) {
            effects.add(new HostingEffect.ReportLeaving());
        }
    }

    private void leaveIfFree(List<HostingEffect> effects) {
        if (leaving && state == State.FREE) {
            effects.add(new HostingEffect.Leave());
        }
    }
}
