package io.ketju.layers.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.model.Blocks;
import io.ketju.layers.spec.Argument;
import io.ketju.layers.spec.Argument.Passing;
import io.ketju.layers.spec.Description;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Arguments stand where PyTorch has them, so that a call that is copied never means something else, and have its defaults.
 * What PyTorch has comes from {@code golden/signatures.py}.
 */
class SignaturesTest {
    /** These take sizes where PyTorch takes a layer that is made already. */
    private static final Set<String> MADE_OTHERWISE = Set.of("TransformerEncoder", "TransformerDecoder");

    /** Defaults that differ, each with what its page says of it. */
    private static final Map<String, String> OTHER_DEFAULTS = Map.of(
            "ConstantLR.factor", "1/3 in PyTorch",
            "CosineAnnealingLR.T_max", "steps of the",
            "OneCycleLR.total_steps", "steps of the",
            "Softmax.dim", "",
            "LogSoftmax.dim", "",
            "Softmin.dim", "");

    /** A call of PyTorch: arguments in order, with their defaults. */
    record Call(String name, Map<String, String> arguments, List<String> places) {
        static Call of(String line) {
            String[] words = line.split("\t", -1);
            Map<String, String> arguments = new LinkedHashMap<>();
            List<String> places = new ArrayList<>();
            boolean byName = false;
            for (String word : List.of(words).subList(1, words.length)) {
                String[] parts = word.split("=", 2);
                byName |= word.equals("*");
                if (!word.equals("*")) {
                    arguments.put(parts[0], parts.length == 1 ? "" : parts[1]);
                }
                if (!byName) {
                    places.add(parts[0]);
                }
            }
            return new Call(words[0], arguments, places);
        }

        Description ours() {
            return Stream.concat(Catalogue.ALL.stream(), Stream.of(Blocks.CATALOGUE))
                    .flatMap(catalogue -> catalogue.descriptions().stream())
                    .filter(description -> description.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Call> calls() {
        try {
            return Files.readAllLines(Path.of("src/test/resources/golden/signatures.tsv")).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(Call::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void mostOfTheCatalogueIsCompared() {
        assertThat(calls()).hasSizeGreaterThan(120);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void argumentsWithoutNamesStandWherePyTorchHasThem(Call call) {
        if (MADE_OTHERWISE.contains(call.name())) {
            assertThat(call.places().getFirst()).endsWith("_layer");
            return;
        }
        List<String> ours = call.ours().arguments().stream()
                .filter(argument -> argument.passing() == Passing.PLACE_OR_NAME)
                .map(Argument::name)
                .toList();
        assertThat(ours.size())
                .as("%s of %s", ours, call.places())
                .isLessThanOrEqualTo(call.places().size());
        assertThat(call.places().subList(0, ours.size())).isEqualTo(ours);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void argumentsHaveTheDefaultsOfPyTorch(Call call) {
        if (MADE_OTHERWISE.contains(call.name())) {
            return;
        }
        for (Argument argument : call.ours().arguments()) {
            String torch = call.arguments().getOrDefault(argument.name(), "not there");
            String key = call.name() + "." + argument.name();
            if (OTHER_DEFAULTS.containsKey(key)) {
                assertThat(argument.about() + " " + argument.shown()).as(key).contains(OTHER_DEFAULTS.get(key));
                assertThat(canonical(argument.shown())).as(key).isNotEqualTo(canonical(torch));
            } else if (torch.equals("None")) {
                assertThat(argument.presence()).as(key).isNotIn(Argument.Presence.REQUIRED, Argument.Presence.DEFAULT);
            } else if (!torch.equals("not there")) {
                assertThat(canonical(argument.shown())).as(key).isEqualTo(canonical(torch));
            }
        }
    }

    /** Numbers as doubles, flags as Java writes them. */
    private static String canonical(String value) {
        if (value.startsWith("(")) {
            return Stream.of(value.substring(1, value.length() - 1).split(", ", -1))
                    .map(SignaturesTest::canonical)
                    .toList()
                    .toString();
        }
        return switch (value) {
            case "True" -> "true";
            case "False" -> "false";
            default -> value.matches("[-0-9.e]+") ? Double.toString(Double.parseDouble(value)) : value;
        };
    }
}
