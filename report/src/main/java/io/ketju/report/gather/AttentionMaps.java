package io.ketju.report.gather;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.TrainedModel;
import io.ketju.data.BatchOrder;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.data.Dataset;
import io.ketju.data.text.TextEncoding;
import io.ketju.data.text.Vocabulary;
import io.ketju.layers.model.Input;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.stage.Predictor;
import io.ketju.report.figure.AttentionMap;
import io.ketju.report.gather.AttentionGraph.Watched;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** What a model of texts attends to, in the first test sample: its last layer of each kind of attention. */
final class AttentionMaps {
    /** More rows or columns are not read. */
    private static final int MOST_TOKENS = 40;

    private AttentionMaps() {}

    /** None where nothing attends, or where what attends are no tokens. */
    static List<AttentionMap> of(TrainingJob job, TrainedModel model) {
        Dataset test = job.data().test();
        boolean batched = job.model().inputs().stream().allMatch(Input::batched);
        Optional<AttentionGraph> graph = AttentionGraph.of(job.model());
        if (!batched
                || graph.isEmpty()
                || (test.textEncoding().isEmpty() && test.translations().isEmpty())) {
            return List.of();
        }
        List<String> names = BatchPorts.of(job.model()).names();
        BatchSource single = test.batches(names.getFirst(), names.getLast(), 1, 1, BatchOrder.sequential());
        try (BatchTensors tensors = new BatchTensors(single)) {
            return maps(
                    graph.get(),
                    model,
                    tensors.read(single.plan(0)).getFirst(),
                    new Tokens(job.model().inputs(), test));
        }
    }

    private static List<AttentionMap> maps(
            AttentionGraph graph, TrainedModel model, Map<String, Tensor> batch, Tokens tokens) {
        SequencedMap<List<String>, Integer> last = new LinkedHashMap<>();
        for (int i = 0; i < graph.watched().size(); i++) {
            Watched watched = graph.watched().get(i);
            last.put(List.of(watched.queries(), watched.keys()), i);
        }
        List<Tensor> inputs = new ArrayList<>();
        for (Input input : graph.model().inputs()) {
            Tensor tensor = batch.get(input.name());
            if (tensor == null) {
                return List.of();
            }
            inputs.add(tensor);
        }
        List<AttentionMap> maps = new ArrayList<>();
        try (TensorCore core = TensorCore.open(1);
                Predictor predictor = new Predictor(graph.model(), 1, core)) {
            predictor.weights().forEach((name, tensor) -> fill(tensor, model.parameter(name)));
            List<TensorType> types = predictor.outputTypes(inputs.stream()
                    .map(tensor -> new TensorType(tensor.dtype(), tensor.shape()))
                    .toList());
            long bytes = types.stream()
                    .mapToLong(type -> TensorArena.bytesFor(type.shape()))
                    .sum();
            try (TensorArena arena = new TensorArena(bytes)) {
                List<Tensor> outputs = types.stream().map(arena::allocate).toList();
                predictor.predict(inputs, outputs);
                last.values()
                        .forEach(i -> map(graph.watched().get(i), outputs.get(i), batch, tokens)
                                .ifPresent(maps::add));
            }
        }
        return List.copyOf(maps);
    }

    private static void fill(Tensor tensor, float[] values) {
        for (int i = 0; i < values.length; i++) {
            tensor.setFloat(i, values[i]);
        }
    }

    private static Optional<AttentionMap> map(
            Watched watched, Tensor shares, Map<String, Tensor> batch, Tokens tokens) {
        List<String> queries = tokens.of(watched.queries(), batch);
        List<String> keys = tokens.of(watched.keys(), batch);
        int positions = shares.shape().dimension(2);
        if (queries.isEmpty()
                || keys.isEmpty()
                || queries.size() > shares.shape().dimension(1)
                || keys.size() > positions) {
            return Optional.empty();
        }
        List<List<Float>> rows = new ArrayList<>();
        for (int i = 0; i < queries.size(); i++) {
            List<Float> row = new ArrayList<>();
            for (int k = 0; k < keys.size(); k++) {
                row.add(shares.getFloat(i * positions + k));
            }
            rows.add(row);
        }
        return Optional.of(new AttentionMap(
                "attention-" + watched.layer(), "What " + watched.layer() + " attends to", queries, keys, rows));
    }

    /** Words of a sample, those of its padding left out. */
    private static final class Tokens {
        private final Map<String, TextEncoding> encodings = new HashMap<>();

        Tokens(List<Input> inputs, Dataset test) {
            List<String> sequences = inputs.stream()
                    .filter(input -> input.type().dtype() == DType.INT32
                            && input.type().shape().rank() == 2)
                    .map(Input::name)
                    .toList();
            for (int i = 0; i < sequences.size(); i++) {
                int place = i;
                test.translations()
                        .map(pairs -> place == 0 ? pairs.source() : pairs.target())
                        .or(test::textEncoding)
                        .ifPresent(encoding -> encodings.put(sequences.get(place), encoding));
            }
        }

        List<String> of(String input, Map<String, Tensor> batch) {
            TextEncoding encoding = encodings.get(input);
            Tensor numbers = batch.get(input);
            if (encoding == null || numbers == null) {
                return List.of();
            }
            int[] values = TensorCopies.ints(numbers);
            int length = values.length;
            Vocabulary vocabulary = encoding.vocabulary();
            while (length > 0 && vocabulary.isOwn() && values[length - 1] == Vocabulary.PAD) {
                length--;
            }
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < Math.min(length, MOST_TOKENS); i++) {
                String written = vocabulary.token(values[i]);
                String token =
                        vocabulary.isText(values[i]) ? encoding.tokenizer().join(List.of(written)) : written;
                tokens.add(token.isBlank() ? "␣" : token);
            }
            return tokens;
        }
    }
}
