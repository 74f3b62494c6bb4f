package io.ketju.actors.stage;

import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a rank as events of the JDK's flight recorder: {@code ketju.Action}, {@code ketju.Wait}, {@code ketju.Send}. While
 * nobody records them, which is asked once an action, it makes nothing and reads no clock.
 */
final class RecordedRank implements StageTrace {
    private static final String TURN = "TURN";

    private final int rank;
    private final StageTrace next;
    /** Never committed: they know whether somebody records. */
    private final ActionEvent actions = new ActionEvent();

    private final SendEvent sends = new SendEvent();
    private @Nullable ActionEvent running;
    private @Nullable WaitEvent waiting;
    private String reason = TURN;

    /**
     * @param next hears of everything too
     */
    RecordedRank(int rank, StageTrace next) {
        this.rank = rank;
        this.next = next;
    }

    @Override
    public void granted(StageCommand.GrantWindow grant) {
        next.granted(grant);
    }

    @Override
    public void takes(StageEvent event) {
        reason = switch (event) {
            case StageEvent.TensorArrived tensor -> tensor.key().kind().name();
            case StageEvent.WindowGranted granted -> "WINDOW";
            case StageEvent.SumsAgreed agreed -> "SUMS";
            case StageEvent.OutputReleased released -> "BUFFER";
            case StageEvent.PredictionReleased released -> "BUFFER";
            case StageEvent.ComputeDone done -> TURN;
            case StageEvent.StageStopped stopped -> TURN;
            case StageEvent.Aborted aborted -> TURN;
        };
        next.takes(event);
    }

    @Override
    public void ready(StageEffect.RunCompute run) {
        WaitEvent waited = waiting;
        if (waited != null) {
            waiting = null;
            if (!reason.equals(TURN)) {
                waited.rank = rank;
                waited.stage = run.action().stage();
                waited.reason = reason;
                waited.next = run.action().toString();
                waited.microbatch = run.action().microbatch();
                waited.window = run.window().number();
                waited.step = run.window().step();
                waited.commit();
            }
        }
        if (actions.isEnabled()) {
            running = begun(run);
        }
        next.ready(run);
    }

    private ActionEvent begun(StageEffect.RunCompute run) {
        ActionEvent event = new ActionEvent();
        event.rank = rank;
        event.stage = run.action().stage();
        event.action = run.action().toString();
        event.kind = run.action().kind().name();
        event.microbatch = run.action().microbatch();
        event.window = run.window().number();
        event.step = run.window().step();
        event.phase = run.window().phase().name();
        event.begin();
        return event;
    }

    @Override
    public void ended(long started, long ended) {
        ActionEvent event = running;
        if (event != null) {
            running = null;
            event.commit();
            WaitEvent begun = new WaitEvent();
            begun.begin();
            waiting = begun;
        }
        next.ended(started, ended);
    }

    @Override
    public void sends(StageEffect.SendTensor send, int to) {
        if (sends.isEnabled()) {
            SendEvent event = new SendEvent();
            event.rank = rank;
            event.from = send.from();
            event.to = to;
            event.kind = send.key().kind().name();
            event.window = send.key().window();
            event.microbatch = send.key().microbatch();
            event.edge = send.key().edge();
            event.bytes = send.lease().tensor().segment().byteSize();
            event.commit();
        }
        next.sends(send, to);
    }

    @Override
    public void handedOver() {
        next.handedOver();
    }

    @Override
    public void finished(int stage, long window) {
        next.finished(stage, window);
    }
}
