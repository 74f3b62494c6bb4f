package io.ketju.actors.stage;

import io.ketju.actors.message.StageCommand;
import io.ketju.pipeline.stage.StageEffect;
import io.ketju.pipeline.stage.StageEvent;

/** Hears when what happens to a rank, of its actor's thread alone. */
public interface StageTrace {
    /** Of a run that is not traced: nothing is kept, no clock is read. */
    StageTrace OFF = new StageTrace() {
        @Override
        public void takes(StageEvent event) {}

        @Override
        public void ready(StageEffect.RunCompute run) {}

        @Override
        public void ended(long started, long ended) {}

        @Override
        public void sends(StageEffect.SendTensor send, int to) {}

        @Override
        public void handedOver() {}
    };

    /**
     * A window is granted; comes before all that happens in it.
     *
     * @param grant with the wish to have it watched
     */
    default void granted(StageCommand.GrantWindow grant) {}

    /**
     * The rank takes up something.
     *
     * @param event what it tells its machine next; a lease in it is not the listener's
     */
    void takes(StageEvent event);

    /**
     * An action has all that it needs, after what was taken up last.
     *
     * @param run the action, and its window
     */
    void ready(StageEffect.RunCompute run);

    /**
     * The rank takes up that this action has ended.
     *
     * @param started {@link System#nanoTime} when it began
     * @param ended the same when it had ended
     */
    void ended(long started, long ended);

    /**
     * A tensor goes to a stage, or to whoever gave the batch.
     *
     * @param send which tensor, and from which stage; the lease in it is not the listener's
     * @param to number of the stage; -1: whoever gave the batch
     */
    void sends(StageEffect.SendTensor send, int to);

    /** A tensor of the action that ended last has left the rank's hands. */
    void handedOver();

    /**
     * One of the rank's stages has finished a window.
     *
     * @param stage its number
     * @param window number of the window
     */
    default void finished(int stage, long window) {}
}
