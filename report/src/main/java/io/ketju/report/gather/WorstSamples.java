package io.ketju.report.gather;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.Dataset;
import io.ketju.data.image.ImageDataset;
import io.ketju.data.image.Pixels;
import io.ketju.data.text.TextWindows;
import io.ketju.layers.model.Input;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.records.text.Units;
import io.ketju.report.figure.Images;
import io.ketju.report.figure.Tile;
import io.ketju.report.gather.JudgedSamples.Judged;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Test samples that a model is most wrong about. */
final class WorstSamples {
    /** Samples that are measured one by one, at most. */
    private static final int MEASURED = 200;

    private static final int SHOWN = 12;

    private WorstSamples() {}

    /** Images whose class had the least probability; empty where samples are none. */
    static Optional<Images> images(JudgedSamples judged, Dataset test) {
        if (!(test instanceof ImageDataset images)) {
            return Optional.empty();
        }
        List<String> names = ClassNames.of(test);
        Shape shape = test.inputShape();
        List<Tile> tiles = judged.worst().stream()
                .map(sample -> tile(caption(sample, names), images.pixels(), sample.sample()))
                .toList();
        return Optional.of(new Images(
                "worst", "What it is most wrong about", note(judged), shape.dimension(1), shape.dimension(2), tiles));
    }

    private static Tile tile(String caption, Pixels pixels, int image) {
        float[] values = new float[pixels.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = pixels.get(image, i);
        }
        return pixels.shape().dimension(0) == 3
                ? Tile.coloured(caption, values, 0, pixels.maximum())
                : Tile.grey(caption, values, 0, pixels.maximum());
    }

    private static String caption(Judged sample, List<String> names) {
        return "test " + sample.sample() + ": " + names.get(sample.real()) + " " + percent(sample) + ", told "
                + names.get(sample.told());
    }

    private static String percent(Judged sample) {
        return Units.percent(sample.probability());
    }

    private static String note(JudgedSamples judged) {
        return "Of " + (judged.judged() < judged.of() ? "the first " : "all ") + Units.count(judged.judged())
                + " test samples, those whose class had the least probability.";
    }

    /** The same as rows: sentences as they are, of others their numbers. */
    static SampleTable rows(JudgedSamples judged, Dataset test) {
        List<String> names = ClassNames.of(test);
        List<List<String>> rows = judged.worst().stream()
                .map(sample -> List.of(
                        Integer.toString(sample.sample()),
                        names.get(sample.real()),
                        percent(sample),
                        names.get(sample.told()),
                        SampleText.of(test, sample.sample())))
                .toList();
        return new SampleTable(note(judged), List.of("test sample", "is", "probability", "told", "input"), rows);
    }

    private record Measured(int sample, double loss) {}

    /** Of a model that tells no classes: those of the first test samples with the largest loss. */
    static Optional<SampleTable> byLoss(TrainingJob job, TrainedModel model) {
        Dataset test = job.data().test();
        if (!job.model().inputs().stream().allMatch(Input::batched)
                || job.model().heads().isEmpty()) {
            return Optional.empty();
        }
        List<String> names = BatchPorts.of(job.model()).names();
        BatchSource single = test.batches(names.getFirst(), names.getLast(), 1, 1, BatchOrder.sequential());
        int count = Math.min(MEASURED, single.stepsPerEpoch());
        List<Measured> losses = new ArrayList<>(IntStream.range(0, count)
                .mapToObj(i -> new Measured(
                        i, model.evaluate(new SingleBatch(single, i)).metrics().loss()))
                .toList());
        losses.sort(Comparator.comparingDouble(Measured::loss).reversed());
        List<List<String>> rows = losses.stream()
                .limit(SHOWN)
                .map(sample -> List.of(
                        Integer.toString(sample.sample()),
                        Units.loss(sample.loss()),
                        SampleText.of(test, sample.sample())))
                .toList();
        String note = "Of " + (count < test.size() ? "the first " : "all ") + Units.count(count)
                + " test samples, those with the largest loss.";
        return Optional.of(new SampleTable(note, List.of("test sample", "loss", "input"), rows));
    }

    /** What a sample is, in words. */
    private static final class SampleText {
        private static final int LONGEST = 400;

        static String of(Dataset data, int sample) {
            String text = data.translations()
                    .map(pairs -> pairs.source().decode(pairs.sentences().get(sample)) + " = "
                            + String.join(" ", pairs.references().get(sample)))
                    .orElseGet(() ->
                            data instanceof TextWindows windows ? windows.text(sample) : InputText.of(data, sample));
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        }
    }
}
