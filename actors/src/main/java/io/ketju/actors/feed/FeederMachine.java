package io.ketju.actors.feed;

import io.ketju.actors.message.GrantedWindow;
import io.ketju.actors.message.RunFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;

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
    /** Buffers needed for one micro-batch, of each thing that a batch gives: one for every stage that reads it. */
    private final int[] needed;

    private final int[] free;
    /** The next one of the first window. */
    private int microbatch;

    /**
     * @param buffers micro-batches that may be under way at once; at least 1
     * @param needed buffers that one micro-batch takes, of each thing that a batch gives
     */
    FeederMachine(int buffers, List<Integer> needed) {
        this.needed = needed.stream().mapToInt(Integer::intValue).toArray();
        this.free = needed.stream().mapToInt(count -> count * buffers).toArray();
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
                    effects.add(new FeederEffect.ReportConnected());
                }
            }
            case FeederEvent.Failed failed -> onFailed(failed.failure(), effects);
            case FeederEvent.WindowGranted granted -> windows.addLast(granted.window());
            case FeederEvent.BufferFreed freed -> free[freed.port()]++;
            case FeederEvent.StopAsked asked -> onStop(effects);
        }
        send(effects);
        return effects;
    }

    private void send(List<FeederEffect> effects) {
        while (state == State.SENDING && !windows.isEmpty() && hasRoom()) {
            GrantedWindow window = windows.getFirst();
            for (int port = 0; port < free.length; port++) {
                free[port] -= needed[port];
            }
            effects.add(new FeederEffect.SendMicrobatch(window, microbatch));
            if (++microbatch == window.window().microbatches()) {
                microbatch = 0;
                windows.removeFirst();
            }
        }
    }

    private boolean hasRoom() {
        return IntStream.range(0, free.length).allMatch(port -> free[port] >= needed[port]);
    }

    private void onFailed(RunFailure failure, List<FeederEffect> effects) {
        if (state == State.CONNECTING || state == State.SENDING) {
            if (state == State.SENDING) {
                effects.add(new FeederEffect.CloseLinks());
            }
            state = State.FAILED;
            effects.add(new FeederEffect.ReportFailed(failure));
        }
    }

    private void onStop(List<FeederEffect> effects) {
        if (state == State.ENDED) {
            return;
        }
        if (state == State.SENDING) {
            effects.add(new FeederEffect.CloseLinks());
        }
        state = State.ENDED;
        effects.add(new FeederEffect.End());
    }
}
