package io.ketju.actors.job;

import io.ketju.data.AccumulatedBatches;
import io.ketju.data.BadDataException;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.data.MicrobatchPlan;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.Denominators;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The mini-batches of a job: what each window is over. A function of the job, so that a resumed run needs only the step. */
public final class JobBatches {
    private final PipelineSpec pipeline;
    private final BatchSource train;
    private final Optional<BatchSource> test;
    private final Model model;
    /** Samples that a micro-batch may have. */
    private final int largest;

    /**
     * Those of a job.
     *
     * @param job whose sources are asked; they stay its own
     */
    public JobBatches(TrainingJob job) {
        this(job.pipeline(), job.train(), job.test());
    }

    private JobBatches(PipelineSpec pipeline, BatchSource train, Optional<BatchSource> test) {
        this.pipeline = pipeline;
        this.train = train;
        this.test = test;
        this.model = pipeline.model();
        largest = MicrobatchSplit.atMost(pipeline.batchSize(), pipeline.microbatches())
                .largest();
    }

    /**
     * Those that a job of this pipeline makes of a data set.
     *
     * @param pipeline says model, sizes and seed
     * @param data both halves, which must fit the model
     * @return shuffled by the seed in training, in their own order in evaluation
     */
    public static JobBatches of(PipelineSpec pipeline, DataSource data) {
        Model model = pipeline.model();
        int accumulate = pipeline.recipe().rules().accumulate();
        int batch = pipeline.batchSize() / accumulate;
        int parts = pipeline.microbatches() / accumulate;
        BatchSource train =
                data.trainBatches(model, batch, parts, pipeline.recipe().seed());
        BatchSource test = data.testBatches(model, batch, parts);
        return new JobBatches(
                pipeline,
                AccumulatedBatches.of(train, accumulate),
                Optional.of(AccumulatedBatches.of(test, accumulate)));
    }

    /** {@return what they are cut and read by} */
    public PipelineSpec pipeline() {
        return pipeline;
    }

    /**
     * What windows of a phase are taken from.
     *
     * @param phase evaluation, or any other, which takes from what is learnt from
     * @return the job's own
     * @throws java.util.NoSuchElementException for evaluation, where nothing is evaluated
     */
    public BatchSource source(Window.Phase phase) {
        return phase == Window.Phase.EVALUATE ? test.orElseThrow() : train;
    }

    /**
     * What the micro-batches of a mini-batch are.
     *
     * @param phase what the mini-batch is for
     * @param index of the mini-batch, from 0: in training over all epochs, in evaluation within the test data
     * @return within the sizes that memory was taken for
     * @throws BadDataException if one is larger than the source has said
     */
    public BatchPlan plan(Window.Phase phase, long index) {
        BatchSource source = source(phase);
        BatchPlan batch = SourceChecks.plan(source, index);
        requirePromised(source, batch);
        return batch;
    }

    /**
     * Overwrites a tensor as {@link BatchSource#copy} does.
     *
     * @param phase what the mini-batch is for
     * @param batch of {@link #plan}
     * @param microbatch index within the mini-batch, from 0
     * @param port name of an input or a target that is no constant
     * @param target of the type that the plan says
     * @throws BadDataException if a value cannot be used, or for a slip of the source's code
     */
    public void copy(Window.Phase phase, BatchPlan batch, int microbatch, String port, Tensor target) {
        SourceChecks.copy(source(phase), batch, microbatch, port, target);
    }

    /**
     * The same of what never changes, which all sources of the job give alike.
     *
     * @param phase whose source is asked
     * @param port name of a constant input
     * @param target of that input's type
     * @throws BadDataException if a value cannot be used, or for a slip of the source's code
     */
    public void copyConstant(Window.Phase phase, String port, Tensor target) {
        SourceChecks.copyConstant(source(phase), port, target);
    }

    /**
     * The window over a mini-batch. Asks the losses that it runs what their targets weigh, which reads all of them.
     *
     * @param number as in {@link Window}
     * @param phase what the window is for
     * @param objective index among the recipe's objectives; 0 where there are none
     * @param step as in {@link Window}
     * @param batch of {@link #plan}
     * @return one that ends its step
     * @throws BadDataException if the targets of a loss weigh nothing
     */
    public Window window(long number, Window.Phase phase, int objective, long step, BatchPlan batch) {
        List<Window.Part> parts = batch.microbatches().stream().map(this::part).toList();
        return new Window(number, phase, objective, step, parts, denominators(phase, objective, batch));
    }

    private Window.Part part(MicrobatchPlan microbatch) {
        List<TensorType> types = new ArrayList<>();
        for (Input input : model.inputs()) {
            types.add(
                    input.constant()
                            ? input.type()
                            : Objects.requireNonNull(microbatch.types().get(input.name())));
        }
        return Window.Part.of(model, microbatch.samples(), types);
    }

    private List<Double> denominators(Window.Phase phase, int objective, BatchPlan batch) {
        if (phase == Window.Phase.PREDICT) {
            return List.of();
        }
        BatchSource source = source(phase);
        Denominators sums = Denominators.of(pipeline.recipe(), phase, objective);
        Set<String> targets = sums.targets();
        long bytes = source.ports().stream()
                .filter(port -> targets.contains(port.name()))
                .mapToLong(port -> port.largest().bytes())
                .sum();
        try (TensorArena arena = TensorArena.confined(bytes)) {
            for (int m = 0; m < batch.microbatches().size(); m++) {
                arena.reset();
                Map<String, Tensor> tensors = new HashMap<>();
                for (String target : targets) {
                    Tensor tensor = arena.allocate(Objects.requireNonNull(
                            batch.microbatches().get(m).types().get(target)));
                    SourceChecks.copy(source, batch, m, target, tensor);
                    tensors.put(target, tensor);
                }
                sums.add(batch.microbatches().get(m).samples(), tensors);
            }
        }
        for (double sum : sums.sums()) {
            if (!(sum > 0 && Double.isFinite(sum))) {
                throw BadDataException.of(
                        where(source, batch),
                        "targets that weigh more than 0",
                        sum + " in all; a mini-batch of which no target counts has no loss");
            }
        }
        return sums.sums();
    }

    /** All memory was taken for what the source has said before. */
    private void requirePromised(BatchSource source, BatchPlan batch) {
        if (batch.microbatches().size() > pipeline.microbatches()) {
            throw BadDataException.of(
                    where(source, batch),
                    "at most " + Plural.of(pipeline.microbatches(), "micro-batch"),
                    batch.microbatches().size() + "");
        }
        for (int m = 0; m < batch.microbatches().size(); m++) {
            MicrobatchPlan microbatch = batch.microbatches().get(m);
            if (microbatch.samples() > largest) {
                throw BadDataException.of(
                        where(source, batch, m), "at most " + Plural.of(largest, "sample"), microbatch.samples() + "");
            }
            for (BatchPort port : source.ports()) {
                TensorType type = microbatch.types().get(port.name());
                if (!port.constant() && (type == null || !fits(type, port.largest()))) {
                    throw BadDataException.of(
                            where(source, batch, m) + ", '" + port.name() + "'",
                            "at most " + port.largest(),
                            type == null ? "nothing" : type.toString());
                }
            }
            requireSamples(source, batch, m);
        }
    }

    /** The number of samples and the rows of the inputs must be the same. */
    private void requireSamples(BatchSource source, BatchPlan batch, int m) {
        MicrobatchPlan microbatch = batch.microbatches().get(m);
        for (Input input : model.inputs()) {
            TensorType type = microbatch.types().get(input.name());
            if (!input.constant() && type != null && !input.takes(type, microbatch.samples())) {
                throw BadDataException.of(
                        where(source, batch, m) + ", '" + input.name() + "'",
                        "what the model takes of " + Plural.of(microbatch.samples(), "sample") + ", at most "
                                + input.type(microbatch.samples()),
                        type.toString());
            }
        }
    }

    private static String where(BatchSource source, BatchPlan batch) {
        return source.name() + ", batch " + batch.index();
    }

    private static String where(BatchSource source, BatchPlan batch, int microbatch) {
        return where(source, batch) + ", micro-batch " + microbatch;
    }

    private static boolean fits(TensorType type, TensorType largest) {
        boolean fits = type.dtype() == largest.dtype()
                && type.shape().rank() == largest.shape().rank();
        for (int i = 0; fits && i < type.shape().rank(); i++) {
            fits = type.shape().dimension(i) <= largest.shape().dimension(i);
        }
        return fits;
    }
}
