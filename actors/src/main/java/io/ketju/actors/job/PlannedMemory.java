package io.ketju.actors.job;

import com.sun.management.OperatingSystemMXBean;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.stage.PredictorPlan;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Plural;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Compares the memory that stages will take with the memory that there is. Taking more would not fail at once: the
 * system would swap, or end the process when the memory is first touched.
 */
public final class PlannedMemory {
    private static final double GIB = 1 << 30;
    private static final String SMALLER =
            "; choose a smaller model or batch, or more micro-batches, or spread the stages over machines";

    private PlannedMemory() {}

    /**
     * Throws {@link InvalidJobException} unless this machine has room for all stages of a job, and for the model that translates after
     * each epoch if it has one.
     *
     * @param job whose stages and replicas are all to be held here, from where it is directed
     */
    public static void requireRoom(TrainingJob job) {
        requireRoom(job, physicalBytes());
    }

    static void requireRoom(TrainingJob job, long available) {
        List<Integer> all =
                IntStream.range(0, job.pipeline().allStages()).boxed().toList();
        long stages = planned(job.pipeline(), all, job.writesBehind());
        if (job.translates()) {
            require(
                    Math.addExact(stages, translating(job)),
                    available,
                    Plural.of(all.size(), "stage") + ", and for translating after each epoch beside them" + SMALLER);
        } else {
            require(stages, available, Plural.of(all.size(), "stage") + SMALLER);
        }
    }

    /**
     * Throws {@link InvalidJobException} unless this machine has room for what a job has the process do that directs its run: it
     * translates after each epoch where BLEU is measured.
     *
     * @param job whose stages may be anywhere
     */
    public static void requireRoomToDirect(TrainingJob job) {
        requireRoomToDirect(job, physicalBytes());
    }

    static void requireRoomToDirect(TrainingJob job, long available) {
        if (job.translates()) {
            require(
                    translating(job),
                    available,
                    "the whole model, which translates after each epoch where the run is directed; leave bleu out of the"
                            + " metrics, or choose a smaller model or batch");
        }
    }

    /** As the model that is made of a checkpoint then. */
    private static long translating(TrainingJob job) {
        Recipe recipe = job.pipeline().recipe();
        int largest = MicrobatchSplit.atMost(recipe.batchSize(), recipe.microbatches())
                .largest();
        return PredictorPlan.of(recipe.model(), largest).bytes();
    }

    /**
     * Throws {@link InvalidJobException} unless this machine has room for these stages.
     *
     * @param pipeline all of the job
     * @param stages indices of those that are held here
     */
    public static void requireRoom(PipelineSpec pipeline, List<Integer> stages) {
        requireRoom(pipeline, stages, false);
    }

    /**
     * The same.
     *
     * @param pipeline all of the job
     * @param stages indices of those that are held here
     * @param copies whether stages keep copies of what they learn, for checkpoints
     */
    public static void requireRoom(PipelineSpec pipeline, List<Integer> stages, boolean copies) {
        requireRoom(pipeline, stages, copies, physicalBytes());
    }

    /**
     * Throws {@link InvalidJobException} unless this machine has room for a model that predicts and evaluates.
     *
     * @param model whole
     * @param samples that go through it at once, at most
     */
    public static void requireRoom(Model model, int samples) {
        require(
                PredictorPlan.of(model, samples).bytes(),
                physicalBytes(),
                "the model's weights and " + Plural.of(samples, "sample") + "; choose a smaller model or batch");
    }

    /**
     * Whether this machine has room for these stages, and for two copies of what each of the kept ones has learnt.
     *
     * @param pipeline all of the job
     * @param stages indices of those that are held here
     * @param copies as of {@link #requireRoom}
     * @param kept stages of this worker and of others
     * @return whether all of that is at most the memory of the machine, or of its container
     */
    public static boolean hasRoom(PipelineSpec pipeline, List<Integer> stages, boolean copies, List<Integer> kept) {
        long planned = planned(pipeline, stages, copies);
        for (int stage : kept) {
            long copy = StagePlan.of(pipeline, stage).copyBytes();
            planned = Math.addExact(planned, Math.multiplyExact(2, copy));
        }
        return planned <= physicalBytes();
    }

    static void requireRoom(PipelineSpec pipeline, List<Integer> stages, boolean copies, long available) {
        require(planned(pipeline, stages, copies), available, Plural.of(stages.size(), "stage") + SMALLER);
    }

    private static long planned(PipelineSpec pipeline, List<Integer> stages, boolean copies) {
        long planned = 0;
        for (int stage : stages) {
            StagePlan plan = StagePlan.of(pipeline, stage);
            planned = Math.addExact(planned, Math.addExact(plan.bytes(), copies ? plan.copyBytes() : 0));
        }
        return planned;
    }

    private static void require(long planned, long available, String what) {
        if (planned > available) {
            throw new InvalidJobException("memory: expected at most the " + gib(available) + " of this machine, found "
                    + gib(planned) + " planned for " + what);
        }
    }

    /** All memory of the machine, or of the container if that has less. */
    private static long physicalBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }
}
