package io.ketju.layers.model;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Catalogue;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.loss.Loss;
import io.ketju.layers.loss.Losses;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@link ModelText} prints, line by line. */
final class ModelTextParser {
    private static final Pattern INPUT =
            Pattern.compile("input\\s+(\\S+)\\s*=\\s*(whole\\s+|constant\\s+)?(float32|int32)\\s*\\[([\\d,\\s]*)]\\s*");
    private static final Pattern HEAD =
            Pattern.compile("head\\s+(\\S+)\\s*=\\s*(.+?)\\s*<-\\s*(.+?)(?:\\s+targets\\s+(.+?))?"
                    + "(?:\\s+weight\\s+(\\S+))?(?:\\s+metrics\\s+(.+?))?\\s*");
    private static final Pattern NAME = Pattern.compile("\\s*([A-Za-z0-9_][A-Za-z0-9_.\\-]*)\\s*=(.*)");
    private static final Pattern LIST = Pattern.compile("\\s*,\\s*");
    private static final Pattern TIE = Pattern.compile("\\s*(\\S+)\\s*=\\s*(\\S+)\\s*");

    private final Shape inputShape;
    private final ModelBuilder builder = new ModelBuilder();
    /** Values by what lines call them. */
    private final Map<String, Value> values = new LinkedHashMap<>();

    private final List<InitialValues> initial = new ArrayList<>();

    private Value before;
    private int layers;
    private boolean outputs;

    ModelTextParser(Shape inputShape) {
        this.inputShape = inputShape;
        before = Value.ofInput(0);
    }

    Model parse(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            try {
                line(line);
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                String where = line.matches("(input|init|head|output) .*")
                        ? "line " + (i + 1) + " '" + Excerpt.of(line) + "'"
                        : "layer " + layers;
                throw message.startsWith("layer") ? e : new IllegalArgumentException(where + ": " + message, e);
            }
        }
        if (layers == 0) {
            throw new IllegalArgumentException("a model needs at least one layer");
        }
        if (!outputs) {
            builder.output(before);
        }
        return builder.build().apply(initial);
    }

    private void line(String line) {
        if (says(line, ModelText.INPUT)) {
            input(line);
            return;
        }
        if (values.isEmpty()) {
            values.put(Model.INPUT, builder.input(ModelText.usualInput(inputShape)));
        }
        if (says(line, ModelText.HEAD)) {
            head(line);
        } else if (says(line, ModelText.INIT)) {
            initial.add(InitialValues.parse(line.substring(ModelText.INIT.length())));
        } else if (says(line, ModelText.OUTPUT)) {
            references(line.substring(ModelText.OUTPUT.length())).forEach(builder::output);
            outputs = true;
        } else {
            layer(line);
        }
    }

    /** Whether a line begins with this word and is not that of a layer of the same name. */
    private static boolean says(String line, String word) {
        return line.startsWith(word)
                && !line.substring(word.length()).stripLeading().startsWith("=");
    }

    private void input(String line) {
        Matcher input = INPUT.matcher(line);
        if (!input.matches()) {
            throw new IllegalArgumentException("expected input NAME = float32[..] or int32[..]");
        } else if (layers > 0) {
            throw new IllegalArgumentException("inputs come before the layers");
        }
        DType dtype = input.group(3).equals("int32") ? DType.INT32 : DType.FLOAT32;
        Shape shape = shape(input.group(4).strip());
        String kind = input.group(2) == null ? "" : input.group(2).strip() + " ";
        String name = input.group(1);
        ModelText.requireName(name);
        Value value = builder.input(
                switch (kind) {
                    case ModelText.WHOLE -> Input.whole(name, new TensorType(dtype, shape));
                    case ModelText.CONSTANT -> Input.constant(name, new TensorType(dtype, shape));
                    default -> Input.samples(name, dtype, shape);
                });
        define(name, value);
    }

    private static Shape shape(String dimensions) {
        return Shape.of(
                dimensions.isEmpty()
                        ? new int[0]
                        : Arrays.stream(LIST.split(dimensions))
                                .mapToInt(Integer::parseInt)
                                .toArray());
    }

    private void layer(String line) {
        String text = line;
        String name = Integer.toString(layers);
        Matcher named = NAME.matcher(text);
        if (named.matches()) {
            name = named.group(1);
            text = named.group(2);
        }
        int ties = text.indexOf(ModelText.TIES);
        if (ties >= 0) {
            tie(name, text.substring(ties + ModelText.TIES.length()));
            text = text.substring(0, ties);
        }
        int reads = text.indexOf(ModelText.READS);
        List<Value> inputs = reads < 0 ? List.of(before) : references(text.substring(reads + 2));
        List<Value> made = made(name, (reads < 0 ? text : text.substring(0, reads)).strip(), inputs);
        define(name, made.getFirst());
        for (int i = 1; i < made.size(); i++) {
            values.put(name + ":" + i, made.get(i));
        }
        before = made.getFirst();
        layers++;
    }

    /** The outputs of a layer, or of the layers of a block. */
    private List<Value> made(String name, String text, List<Value> inputs) {
        Spec spec = Spec.parse(text);
        requireKnown(spec.name());
        if (!Blocks.REGISTRY.names().contains(spec.name())) {
            Layer layer = Layers.parse(text);
            return builder.addAll(name, layer, inputs.toArray(Value[]::new));
        }
        return Blocks.REGISTRY.parse(text).in(builder.inside(name), inputs);
    }

    /** What is neither a layer nor a block may be another kind of thing, which a list of layers cannot tell. */
    private static void requireKnown(String name) {
        SortedSet<String> known = new TreeSet<>(Layers.names());
        known.addAll(Blocks.REGISTRY.names());
        if (known.contains(name)) {
            return;
        }
        if (name.equals("Sequential") || name.equals("ModuleList")) {
            throw new IllegalArgumentException(
                    "expected a layer, found '" + name + "'; write its layers as they follow each other");
        }
        for (Catalogue catalogue : Catalogue.ALL) {
            if (catalogue.names().contains(name)) {
                throw new IllegalArgumentException(
                        "expected a layer, found '" + name + "', which is " + catalogue.oneOfKind());
            }
        }
        throw new IllegalArgumentException(Registry.unknown("layer", name, known));
    }

    private void tie(String name, String ties) {
        for (String tie : LIST.split(ties.strip(), -1)) {
            Matcher sides = TIE.matcher(tie);
            if (!sides.matches()) {
                throw new IllegalArgumentException(
                        "expected with PARAMETER = LAYER.PARAMETER, found '" + Excerpt.of(tie) + "'");
            }
            builder.tie(name + "." + sides.group(1), sides.group(2));
        }
    }

    private void head(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.matches()) {
            throw new IllegalArgumentException(
                    "expected head NAME = Loss() <- LAYER targets NAME, without targets if the loss has none, with weight NUMBER if it is not 1, and metrics NAMES if they are not the usual");
        }
        double weight = head.group(5) == null ? 1 : number(head.group(5));
        Loss loss = Losses.parse(head.group(2));
        builder.head(new Head(
                head.group(1),
                loss,
                references(head.group(3)),
                head.group(4) == null ? List.of() : Arrays.asList(LIST.split(head.group(4))),
                weight,
                head.group(6) == null ? Metrics.usual(loss) : Metrics.parse(loss, head.group(6))));
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a number as weight, found '" + Excerpt.of(text) + "'", e);
        }
    }

    private void define(String name, Value value) {
        if (values.put(name, value) != null) {
            throw new IllegalArgumentException("'" + Excerpt.of(name) + "' is there already");
        }
    }

    private List<Value> references(String text) {
        List<Value> found = new ArrayList<>();
        for (String name : LIST.split(text.strip(), -1)) {
            Value value = values.get(name);
            if (value == null) {
                throw new IllegalArgumentException("expected a layer or an input from above, found '" + Excerpt.of(name)
                        + "'" + NearWord.hint(NearWord.of(name, values.keySet())));
            }
            found.add(value);
        }
        return found;
    }
}
