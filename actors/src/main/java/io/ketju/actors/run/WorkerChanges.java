package io.ketju.actors.run;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.tensor.Plural;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** More workers, or fewer, for a run that goes on meanwhile: they are found first. Used by {@link GuardedRun} alone. */
final class WorkerChanges {
    /**
     * A wish.
     *
     * @param change workers more, or fewer
     */
    record Wish(Repartition.Workers change, CompletableFuture<TrainingEvent.Repartitioned> answer) {
        String cause() {
            return change + " was asked for";
        }

        void refuse(String line) {
            answer.completeExceptionally(new IllegalStateException("repartition: " + line));
        }
    }

    private @Nullable Wish wanted;
    private int count;

    /**
     * Takes a wish, or refuses it; how many workers are wanted then.
     *
     * @param used workers that hold stages
     * @param refusal why none can be changed, if that is so
     */
    Optional<Integer> take(Wish wish, int used, Optional<String> refusal) {
        int sum = used + wish.change().change();
        Optional<String> line = refusal.or(() -> wanted == null
                        ? Optional.empty()
                        : Optional.of("workers are being looked for: " + wanted.cause()))
                .or(() -> sum >= 1
                        ? Optional.empty()
                        : Optional.of("expected at least 1 worker to be left, found " + wish.change()
                                + " for a run over " + Plural.of(used, "worker")));
        if (line.isPresent()) {
            wish.refuse(line.get());
            return Optional.empty();
        }
        wanted = wish;
        count = sum;
        return Optional.of(sum);
    }

    /** These are there; what a run of this job is to go on with. */
    Optional<Repartitioning> found(TrainingJob job, List<ActorRef<WorkerCommand>> workers) {
        Wish wish = wanted;
        wanted = null;
        if (wish == null) {
            return Optional.empty();
        }
        if (workers.size() < count) {
            wish.refuse("expected " + Plural.of(count, "worker") + ", found " + workers.size()
                    + "; start more with 'ketju node'");
            return Optional.empty();
        }
        List<ActorRef<WorkerCommand>> taken = workers.subList(0, count);
        try {
            TrainingJob next = job.pipeline().placement().ranks() < count
                    ? Repartition.stages(count).of(job)
                    : job;
            return Optional.of(new Repartitioning(new Repartitioning.Shape(next, taken), wish.cause(), wish.answer()));
        } catch (InvalidJobException e) {
            wish.answer().completeExceptionally(e);
            return Optional.empty();
        }
    }
}
