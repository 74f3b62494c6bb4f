package io.ketju.actors.job;

import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.layers.IntRange;
import io.ketju.layers.loss.CrossEntropyLoss;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.model.Head;
import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.Value;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What must be true of a job, each with the one line that says so. */
final class JobChecks {
    private JobChecks() {}

    static <T> T required(@Nullable T value, String what, String call) {
        if (value == null) {
            throw new InvalidJobException("the job has no " + what + ": call " + call + " before build()");
        }
        return value;
    }

    static void atLeast(String key, int value, int minimum) {
        if (value < minimum) {
            throw new InvalidJobException(key + ": expected at least " + minimum + ", found " + value);
        }
    }

    /** Limits of {@link JobLimits} on single numbers. */
    static void atMost(String key, int value, int limit) {
        if (value > limit) {
            throw new InvalidJobException(key + ": expected at most " + limit + ", found " + value);
        }
    }

    /** Single numbers, and those that belong together before anything is made of them. */
    static void numbers(JobData data, int stages, int epochs, int threads) {
        atLeast("microbatches", data.partsOfBatch(), 1);
        atLeast("batch", data.samplesOfBatch(), 1);
        atLeast("epochs", epochs, 1);
        atLeast("threads", threads, 1);
        atMost("threads", threads, JobLimits.THREADS);
        microbatches(data, stages);
    }

    /** Between two checkpoints windows may overlap: taking one in between would change on which weights they run. */
    static void checkpointsOf(JobCheckpoints checkpoints, PipelineSpec pipeline) {
        if (checkpoints.steps() > 0 && pipeline.overlap().isPresent()) {
            throw new InvalidJobException(JobKey.CHECKPOINT_EVERY.path() + ": expected none with the schedule "
                    + pipeline.scheduleText() + ", whose steps overlap until a data epoch ends, found "
                    + checkpoints.steps() + "; leave it out, or say " + JobKey.CHECKPOINT_EPOCHS.path());
        }
    }

    /** Where batches are handed over, data would be read by nobody. */
    static void noData(@Nullable DataSource samples, @Nullable BatchSource batches) {
        String found = samples != null ? samples.reference() : batches != null ? batches.name() : null;
        if (found != null) {
            throw new InvalidJobException(
                    "data: expected none beside stepByStep(), as a session gets its batches from its"
                            + " caller, found '" + Excerpt.of(found) + "'; call only one of the two");
        }
    }

    /** Whoever hands batches over says how often each comes. */
    static void oneEpoch(int epochs) {
        if (epochs > 1) {
            throw new InvalidJobException("epochs: expected none for a job that is trained step by step, found "
                    + epochs + "; say how many steps there are: stepByStep(STEPS)");
        }
    }

    /** Cheap, and before the table of the schedule exists. */
    static void microbatches(JobData data, int stages) {
        int microbatches = data.partsOfBatch();
        atMost("microbatches", microbatches, JobLimits.MICROBATCHES);
        if (microbatches > data.samplesOfBatch()) {
            throw new InvalidJobException("microbatches: expected at most the "
                    + Plural.of(data.samplesOfBatch(), "sample") + " of a batch, found " + microbatches);
        }
        accumulate(data, stages);
        if ((long) stages * microbatches > JobLimits.SCHEDULE_CELLS) {
            throw new InvalidJobException("microbatches: expected at most " + JobLimits.SCHEDULE_CELLS / stages
                    + " with " + Plural.of(stages, "stage") + ", whose schedule has at most " + JobLimits.SCHEDULE_CELLS
                    + " cells, found " + microbatches);
        }
    }

    /** All micro-batches of a step are in one plan. */
    private static void accumulate(JobData data, int stages) {
        int accumulate = data.accumulated();
        atLeast("accumulate", accumulate, 1);
        int parts = Math.min(JobLimits.MICROBATCHES, JobLimits.SCHEDULE_CELLS / stages) / data.partsOfBatch();
        int most = Math.min(parts, Integer.MAX_VALUE / data.samplesOfBatch());
        if (accumulate > 1 && accumulate > most) {
            throw new InvalidJobException("accumulate: expected at most " + Math.max(1, most) + " mini-batches of "
                    + Plural.of(data.partsOfBatch(), "micro-batch") + " with " + Plural.of(stages, "stage")
                    + ", found " + accumulate);
        }
    }

    /** The model with the job's loss and what was chosen to be measured of it. */
    static Model measured(Model model, Optional<Loss> chosen, Optional<List<String>> named) {
        if (named.isEmpty()) {
            return model;
        }
        List<String> metrics = named.get();
        Loss loss = chosen.orElseGet(CrossEntropyLoss::new);
        if (model.heads().size() == 1) {
            Loss own = model.heads().getFirst().loss();
            return naming("metrics", () -> model.withMetrics(Metrics.named(own, metrics)));
        }
        if (!model.heads().isEmpty()) {
            throw new InvalidJobException("metrics: expected them at the heads that the model brings itself"
                    + " (head NAME = Loss() <- LAYER targets NAME metrics NAMES), found " + Excerpt.of(metrics));
        }
        return naming("metrics", () -> model.withHead(loss, Metrics.named(loss, metrics)));
    }

    /** A loss that was chosen must be one that is minimised: a model with heads brings its own. */
    static void lossOf(Model model, Loss chosen) {
        List<Spec> own = model.heads().stream()
                .map(head -> head.loss().spec())
                .distinct()
                .toList();
        if (!own.isEmpty() && !own.contains(chosen.spec())) {
            throw new InvalidJobException("loss: expected none beside those of the heads that the model brings itself, "
                    + Excerpt.of(own) + ", found " + chosen.spec() + "; leave it out");
        }
    }

    /** The data's samples must be what the model takes, and its targets what its losses take. */
    static void dataFits(Model whole, DataSource data) {
        tokensFit(whole, data.train());
        if (data.train().namesItsPorts()) {
            return; // matched by name: see BatchChecks
        }
        requireOneInputAndTarget(whole);
        for (Dataset samples : new Dataset[] {data.train(), data.test()}) {
            String where = "data '" + samples.name() + "'";
            TensorType input = new TensorType(samples.inputType(), samples.inputShape());
            TensorType taken = new TensorType(whole.inputs().getFirst().type().dtype(), whole.inputShape());
            if (!input.equals(taken)) {
                boolean types = input.dtype() != taken.dtype();
                throw new InvalidJobException(where + ": samples are " + (types ? input : input.shape())
                        + ", but the model takes " + (types ? taken : taken.shape())
                        + "; choose another model or other data");
            }
            for (Head head : whole.heads()) {
                targetsFit(whole, head, samples, where);
            }
        }
    }

    /** Whoever reads tokens must know all of the vocabulary. */
    private static void tokensFit(Model whole, Dataset train) {
        ModelTypes types = whole.types(1);
        for (Node node : whole.nodes()) {
            List<TensorType> inputs = types.inputs(node);
            for (int i = 0; i < inputs.size(); i++) {
                Value value = node.inputs().get(i);
                if (value.isInput()) {
                    String port = whole.inputs().get(value.inputIndex()).name();
                    tokensFit(train, port, node.layer().range(i, inputs), node.toString());
                }
            }
        }
        for (Head head : whole.heads()) {
            List<TensorType> inputs = types.of(head.inputs());
            for (int i = 0; i < head.targets().size(); i++) {
                Optional<IntRange> range = head.loss().range(i, inputs);
                tokensFit(train, head.targets().get(i), range, "the loss '" + head.name() + "'");
            }
        }
    }

    private static void tokensFit(Dataset train, String port, Optional<IntRange> range, String taker) {
        int tokens = train.tokens(port);
        if (range.isPresent() && range.get().most() < tokens - 1) {
            throw new InvalidJobException("data '" + train.name() + "': has a vocabulary of " + tokens + " tokens as '"
                    + port + "', but " + taker + " takes " + range.get() + "; make it one of " + tokens);
        }
    }

    private static void targetsFit(Model model, Head head, Dataset samples, String where) {
        List<TensorType> inputs = model.types(1).of(head.inputs());
        Loss loss = head.loss();
        TensorType target =
                naming("loss " + loss.spec(), () -> head.targetTypes(inputs)).getFirst();
        Shape one = target.shape().sample();
        boolean itself = head.targets().contains(model.inputs().getFirst().name());
        TensorType found = itself
                ? new TensorType(samples.inputType(), samples.inputShape())
                : new TensorType(samples.targetType(), samples.targetShape());
        if (!found.equals(new TensorType(target.dtype(), one))) {
            throw new InvalidJobException(where + ": targets are " + found + ", but " + loss.spec() + " takes "
                    + new TensorType(target.dtype(), one) + "; choose another loss or other last layers");
        }
        Shape output = inputs.getFirst().shape().sample();
        if (target.dtype() == DType.INT32
                && samples.classes() > 0
                && output.rank() > 0
                && samples.classes() > output.dimension(0)) {
            throw new InvalidJobException(where + ": has " + Plural.of(samples.classes(), "class")
                    + ", but the model has only " + Plural.of(output.dimension(0), "output"));
        }
    }

    /** A data set gives one input and one target of each sample; a loss may compare with the input itself. */
    private static void requireOneInputAndTarget(Model model) {
        List<String> names = BatchPorts.of(model).names();
        boolean samples = model.inputs().stream().allMatch(Input::batched);
        if (model.inputs().size() != 1 || names.size() > 2 || !samples) {
            throw new InvalidJobException(
                    "model: expected one input and one target, which a data set has of each sample, found "
                            + Excerpt.of(names) + (samples ? "" : ", not all of them samples")
                            + "; give it batches that have all of them: data(BatchSource, BatchSource)");
        }
    }

    /** What is traced is kept in a folder. */
    static void traced(boolean traced, boolean kept) {
        if (traced && !kept) {
            throw new InvalidJobException("trace: expected a run that is kept in a folder, found one that is not;"
                    + " name a folder, or trace nothing");
        }
    }

    /** No tensor of a mini-batch or micro-batch may have more elements than a shape can. */
    static void batchFits(Model model, DataSource data, int batchSize, int microbatches) {
        requireElements("an input", data.train().inputShape(), batchSize, batchSize, 1);
        requireElements("a target", data.train().targetShape(), batchSize, batchSize, 1);
        int largest = MicrobatchSplit.atMost(batchSize, microbatches).largest();
        ModelTypes types = model.types(1);
        for (int i = 0; i < model.nodes().size(); i++) {
            for (TensorType output : types.outputs().get(i)) {
                String what = "an output of layer " + model.nodes().get(i).name();
                requireElements(what, output.shape().sample(), largest, batchSize, microbatches);
            }
        }
    }

    private static void requireElements(String what, Shape sample, int samples, int batchSize, int parts) {
        if ((long) sample.elements() * samples > Integer.MAX_VALUE) {
            long most = (long) (Integer.MAX_VALUE / sample.elements()) * parts;
            throw new InvalidJobException("batch: expected at most " + most + ", found " + batchSize + ": " + what
                    + " is " + sample + ", and a tensor has at most 2^31-1 elements");
        }
    }

    static Partition partition(Model model, List<Integer> bounds) {
        Partition partition = new Partition(bounds);
        partition.requireFits(model);
        return partition;
    }

    /** What is brought in must be all that the model and the optimizer have; a run that goes on has it already. */
    static void initialState(Optional<InitialState> state, Optional<Path> resume, PipelineSpec pipeline) {
        state.ifPresent(given -> {
            if (!given.loadable() && resume.isEmpty()) {
                throw new InvalidJobException(
                        given.where() + ": only its digest is known; a new run needs the tensors");
            }
            naming(given.key().path(), () -> given.misfit(pipeline.recipe())).ifPresent(line -> {
                throw new InvalidJobException(given.key().path() + ": " + line);
            });
        });
    }

    /** Where nobody knows how many steps there will be, no learning rate and no average may depend on that. */
    static void stepsKnown(OptionalInt steps, Recipe recipe) {
        if (steps.isEmpty() && recipe.dependsOnTotal()) {
            throw new InvalidJobException(
                    "learning-rate-schedule: expected one that does not depend on the number of steps, found "
                            + recipe.learningRateSchedule().spec() + "; say how many there are: stepByStep(STEPS)");
        }
        recipe.rules()
                .average()
                .filter(kept -> steps.isEmpty() && kept.rule().countsEpochs())
                .ifPresent(kept -> {
                    throw new InvalidJobException("average: expected one that counts steps, as a session has no data"
                            + " epochs, such as SWA(every_steps=100), found "
                            + kept.rule().spec());
                });
    }

    /** Every stage's memory can be counted; returns the plans. */
    static List<StagePlan> plans(PipelineSpec pipeline) {
        return naming("batch", () -> {
            List<StagePlan> plans = StagePlan.all(pipeline);
            plans.forEach(StagePlan::bytes);
            return plans;
        });
    }

    /** Throws where an optimizer does not take the gradients of a parameter. */
    static Recipe optimizers(Recipe recipe) {
        return naming("optimizers", () -> {
            recipe.requireGradients();
            return recipe;
        });
    }

    /** Says where a value came from that something else refused. */
    static <T> T naming(String where, Supplier<T> made) {
        try {
            return made.get();
        } catch (InvalidJobException e) {
            throw e;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new InvalidJobException(where + ": " + e.getMessage(), e);
        }
    }
}
