package io.ketju.actors.run;

import io.ketju.actors.job.DataSource;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.data.Dataset;
import io.ketju.data.InputProfile;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.TextWindows;
import io.ketju.data.text.Translations;
import io.ketju.layers.loss.Prediction;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Shows what the model says of a few test samples whenever a checkpoint is committed, as that is where its weights are: after every
 * epoch, unless {@code checkpoint-epochs} is more. Of classes the one that is told, with its probability, beside the true one; of numbers
 * those told beside those measured; of a language model how it goes on with the begin of a text, by its most probable tokens; of
 * sentences their translations. The run waits meanwhile. Samples are taken evenly over the test data.
 */
public final class SamplePredictions implements TrainingListener {
    /** Most samples. */
    public static final int MOST = 100;

    /** Tokens that a text goes on by, and most of a translation. */
    private static final int TOKENS = 60;

    /**
     * One sample.
     *
     * @param sample its number in the test data, from 0
     * @param given what the model is given, where that is text; else empty
     * @param truth what is right; empty where a text goes on freely
     * @param predicted what the model says
     */
    public record Shown(int sample, String given, String truth, String predicted) {
        /** {@return {@code 17: dress 93.1 %, true coat}, or what a text becomes} */
        public String line() {
            String from = given.isEmpty() ? "" : given + " -> ";
            return sample + ": " + from + predicted + (truth.isEmpty() ? "" : ", true " + truth);
        }
    }

    /**
     * What the weights after a step say.
     *
     * @param step of the checkpoint, from 1
     * @param epoch data epoch that the step is of, from 1
     * @param samples ascending by their numbers
     */
    public record Told(long step, int epoch, List<Shown> samples) {
        /** Copies the list. */
        public Told {
            samples = List.copyOf(samples);
        }
    }

    private final TrainingJob job;
    private final Dataset test;
    private final int count;
    private final Consumer<Told> hearer;

    /**
     * A listener for one run.
     *
     * @param job of the run, with a data set
     * @param count of samples, 1 to {@link #MOST}; fewer where the test data has fewer
     * @param hearer called on the run's thread
     * @throws InvalidJobException if the job has no data set, or its model says nothing that can be shown
     */
    public SamplePredictions(TrainingJob job, int count, Consumer<Told> hearer) {
        if (count < 1 || count > MOST) {
            throw new InvalidJobException("samples: expected 1 to " + MOST + ", found " + count);
        }
        this.job = job;
        this.test = job.datasets()
                .map(DataSource::test)
                .orElseThrow(() -> new InvalidJobException(
                        "samples: expected a job with a data set, whose test samples are shown, found"
                                + " one whose batches are made in code; leave it out"));
        this.count = Math.min(count, test.size());
        this.hearer = hearer;
        requireShowable();
    }

    private void requireShowable() {
        boolean numbers =
                job.model().inputs().size() == 1 && test.inputType() == DType.FLOAT32 && !test.namesItsPorts();
        if (!numbers && !(test instanceof TextWindows) && test.translations().isEmpty()) {
            throw new InvalidJobException("samples: expected a model of images, of a table, of a text or of"
                    + " sentences that are translated, found one of " + test.name() + "; leave it out");
        }
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.CheckpointCommitted checkpoint) {
            int epoch = Math.toIntExact(Math.ceilDiv(checkpoint.step(), (long) job.stepsPerEpoch()));
            hearer.accept(new Told(checkpoint.step(), epoch, told(checkpoint.directory())));
        }
    }

    private List<Shown> told(Path checkpoint) {
        Optional<InputProfile> inputs = Optional.of(InputProfile.of(job.data().train()));
        try (TrainedModel model = SavedModels.load(job, checkpoint, inputs)) {
            return of(model);
        }
    }

    /**
     * {@return what a model says of the samples, ascending by their numbers}
     *
     * @param model of the job; stays the caller's
     */
    public List<Shown> of(TrainedModel model) {
        if (test instanceof TextWindows text) {
            return texts(model, text);
        }
        return test.translations().map(pairs -> translations(model, pairs)).orElseGet(() -> numbers(model));
    }

    private List<Integer> samples(int size) {
        List<Integer> chosen = new ArrayList<>();
        for (int i = 0; i < Math.min(count, size); i++) {
            chosen.add((int) ((long) i * size / count));
        }
        return chosen;
    }

    private List<Shown> texts(TrainedModel model, TextWindows text) {
        TextEncoding encoding = text.textEncoding().orElseThrow();
        TextContinuation continuation = new TextContinuation(model, encoding);
        TextContinuation.Draw likeliest = new TextContinuation.Draw(0, 0, job.seed());
        List<Shown> shown = new ArrayList<>();
        for (int sample : samples(text.size())) {
            String start = text.text(sample);
            shown.add(new Shown(sample, start, "", continuation.after(start, TOKENS, likeliest)));
        }
        return shown;
    }

    private List<Shown> translations(TrainedModel model, Translations pairs) {
        Translator translator =
                new Translator(model, pairs.target().vocabulary().size(), new Translator.Search(1, TOKENS));
        List<Integer> chosen = samples(pairs.sentences().size());
        List<int[]> told =
                translator.translate(chosen.stream().map(pairs.sentences()::get).toList());
        List<Shown> shown = new ArrayList<>();
        for (int i = 0; i < chosen.size(); i++) {
            int sample = chosen.get(i);
            shown.add(new Shown(
                    sample,
                    pairs.source().decode(pairs.sentences().get(sample)),
                    String.join(" ", pairs.references().get(sample)),
                    pairs.target().decode(told.get(i))));
        }
        return shown;
    }

    private List<Shown> numbers(TrainedModel model) {
        Shape input = test.inputShape().batched(1);
        Shape target = test.targetShape().batched(1);
        List<Shown> shown = new ArrayList<>();
        try (TensorArena arena = new TensorArena(TensorArena.bytesFor(input) + TensorArena.bytesFor(target))) {
            Tensor given = arena.allocate(input);
            Tensor truth = arena.allocate(test.targetType(), target);
            for (int sample : samples(test.size())) {
                test.copyInput(sample, given, 0);
                test.copyTarget(sample, truth, 0);
                float[] outputs = model.predict(given.toFloats());
                shown.add(new Shown(sample, "", truth(truth), predicted(model.prediction(), outputs)));
            }
        }
        return shown;
    }

    private String truth(Tensor target) {
        if (target.dtype() == DType.INT32 && target.elements() == 1) {
            return name(target.getInt(0));
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < target.elements(); i++) {
            values.add(target.dtype() == DType.INT32 ? Integer.toString(target.getInt(i)) : number(target.getFloat(i)));
        }
        return String.join(" ", values);
    }

    private String predicted(Prediction prediction, float... outputs) {
        if (prediction.kind() != Prediction.Kind.CLASS_PROBABILITIES || outputs.length != classes()) {
            List<String> values = new ArrayList<>();
            for (float output : outputs) {
                values.add(number(output));
            }
            return String.join(" ", values);
        }
        int best = 0;
        for (int i = 1; i < outputs.length; i++) {
            best = outputs[i] > outputs[best] ? i : best;
        }
        return name(best) + String.format(Locale.ROOT, " %.1f %%", outputs[best] * 100);
    }

    /** Outputs of the model, which may be more than the classes of the data. */
    private int classes() {
        return job.model()
                .types(1)
                .of(job.model().outputs())
                .getFirst()
                .shape()
                .sample()
                .elements();
    }

    private String name(int index) {
        List<String> names = test.classNames();
        return index < names.size() ? names.get(index) : Integer.toString(index);
    }

    private static String number(float value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
