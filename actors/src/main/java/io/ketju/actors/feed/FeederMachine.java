package io.ketju.actors.feed;

import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Decides which micro-batch is sent when, as a pure machine: those of the granted windows in their order, each as soon
 * as there are free buffers for all that it gives. No clock, no thread, no actor. One failure ends the sending.
 */
final class FeederMachine {
    private enum State {
        WAITING,
        CONNECTING,
        SENDING,
        FAILED,
        ENDED
    }

    private final Deque<GrantedWindow> windows = new ArrayDeque<>();
    private State state = State.WAITING;
    /** Whether there are ways to close. */
    private boolean open;
    /** Buffers that a micro-batch of a window takes, of each thing that a batch gives. */
    private final Function<Window, int[]> needed;

    private final int[] free;
    /** The next one of the first window. */
    private int microbatch;

    /**
     * @param buffers how many there are of each thing that a batch gives; enough for a micro-batch of any window
     * @param needed how many of them a micro-batch of a window takes: one for every stage that reads it
     */
    FeederMachine(int[] buffers, Function<Window, int[]> needed) {
        this.needed = needed;
        this.free = buffers.clone();
    }

    /** Takes one event; returns what is to be done, in order. */
    List<FeederEffect> on(FeederEvent event) {
        List<FeederEffect> effects = new ArrayList<>();
        switch (event) {
            case FeederEvent.ConnectAsked asked -> {
                if (state == State.WAITING) {
                    state = State.CONNECTING;
                    effects.add(new FeederEffect.OpenLinks());
                }
            }
            case FeederEvent.LinksOpened opened -> {
                if (state == State.CONNECTING) {
                    state = State.SENDING;
                    open = true;
                    effects.add(new FeederEffect.ReportConnected());
                }
            }
            case FeederEvent.Failed failed -> onFailed(failed.failure(), effects);
            case FeederEvent.WindowGranted granted -> windows.addLast(granted.window());
            case FeederEvent.BuffersFreed freed -> free[freed.port()] += freed.count();
            case FeederEvent.StopAsked asked -> onStop(effects);
        }
        send(effects);
        return effects;
    }

    private void send(List<FeederEffect> effects) {
        while (state == State.SENDING
                && !windows.isEmpty()
                && takeBuffers(windows.getFirst().window())) {
            GrantedWindow window = windows.getFirst();
            effects.add(new FeederEffect.SendMicrobatch(window, microbatch));
            if (++microbatch == window.window().microbatches()) {
                microbatch = 0;
                windows.removeFirst();
            }
        }
    }

    /** Takes what a micro-batch of the window needs, all or nothing; returns whether it was there. */
    private boolean takeBuffers(Window window) {
        int[] wanted = needed.apply(window);
        boolean room = true;
        for (int port = 0; port < free.length; port++) {
            room &= free[port] >= wanted[port];
        }
        for (int port = 0; room && port < free.length; port++) {
            free[port] -= wanted[port];
        }
        return room;
    }

    /** The ways stay open: to a stage, one that closes is a lost feeder, and its report might come before this one. */
    private void onFailed(RunFailure failure, List<FeederEffect> effects) {
        if (state == State.CONNECTING || state == State.SENDING) {
            state = State.FAILED;
            effects.add(new FeederEffect.ReportFailed(failure));
        }
    }

    private void onStop(List<FeederEffect> effects) {
        if (state == State.ENDED) {
            return;
        }
        if (open) {
            effects.add(new FeederEffect.CloseLinks());
        }
        state = State.ENDED;
        effects.add(new FeederEffect.End());
    }
}
