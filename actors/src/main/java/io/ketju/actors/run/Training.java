package io.ketju.actors.run;

import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingResult;
import io.ketju.pipeline.schedule.Schedule;
import java.util.concurrent.CompletionStage;

/**
 * A run that has been started. Close it in the end; a closed run leaves no thread behind.
 *
 * <p><b>Interrupts.</b> Starting and closing a run are not disturbed by them. To interrupt a thread that waits in
 * {@link #await}, or is about to, is to {@link #stop} the run; so does {@code Future.cancel(true)} on the task that
 * waits. Nothing is lost: the result is that of the stopped run, and the thread's interrupt flag is set.
 */
public interface Training extends TrainingControl, AutoCloseable {
    /**
     * Waits for the end, of which it tells at once: actors, connections and the place in a cluster are given up behind
     * it, which only {@link #close} waits for.
     *
     * <p>If the calling thread is interrupted, before or while it waits, the run is stopped at the next step boundary,
     * with a checkpoint if it is kept in a folder. That much is waited for, whatever further interrupts come; then the
     * result of the stopped run is returned, with the interrupt flag set. Every later call, by any thread, returns the
     * same result.
     *
     * @return what the run has come to
     * @throws io.ketju.actors.job.TrainingFailedException if the run failed; one line that names the stage and the step
     * @throws io.ketju.actors.job.WorkerLostException if it failed for want of a worker: it can be resumed as it is
     * @throws IllegalStateException if the run was closed before anybody waited for its result
     */
    TrainingResult await();

    /** {@return whether the run has ended, in whatever way: {@link #await} returns or throws at once then} */
    boolean isDone();

    /**
     * Has the next step that begins, and those after it, take another of the schedules that the job names
     * ({@link io.ketju.pipeline.schedule.ScheduleSet}); the results are the same bits. Returns at once, from any thread.
     *
     * @param next one of those schedules, by its name
     * @throws IllegalArgumentException with one line if the job does not name it
     */
    void schedule(Schedule next);

    /**
     * Has the run go on with another cut of its model, or over other workers: at the next step boundary that is not within an evaluation,
     * layers move between stages with all that they have learnt, and the run takes its steps from there. The results are the same bits.
     * Returns at once, from any thread; a run that is between two starts takes another cut when it can.
     *
     * @param wish the cut, or how many workers more or fewer
     * @return completed with what the run tells its listeners then; with an {@link IllegalStateException} if it does not come
     *     to that, for the run ends, is cut so already, is being cut anew, or there are no such workers
     * @throws io.ketju.actors.job.InvalidJobException with one line if a run of this job cannot take that cut
     */
    CompletionStage<TrainingEvent.Repartitioned> repartition(Repartition wish);

    /**
     * {@return the trained model, after {@link #await}; closed with this run}
     *
     * @throws IllegalStateException before {@link #await} has returned a result, and after {@link #close}
     */
    TrainedModel model();

    /** Stops the run if it still goes on, without a result, and frees everything. */
    @Override
    void close();
}
