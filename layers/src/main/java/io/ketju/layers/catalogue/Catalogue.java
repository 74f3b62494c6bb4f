package io.ketju.layers.catalogue;

import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.loss.Losses;
import io.ketju.layers.loss.Metrics;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.WeightAverages;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.PyTorchNames;
import io.ketju.layers.spec.Registry;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Everything of one kind that jobs can name: what the commands list and the pages of {@code docs} show.
 *
 * @param name of the command and the page: {@code layers}
 * @param kind what errors call one: {@code layer}
 * @param title of the page
 * @param introduction of the page
 * @param families in the order of the page; one without a name where there are none
 * @param picture lines of plain text that show one; none where words say it all
 */
public record Catalogue(
        String name,
        String kind,
        String title,
        String introduction,
        List<Section> families,
        Function<Description, List<String>> picture) {
    /**
     * What stands under one heading.
     *
     * @param name empty where a page has no headings
     * @param descriptions in the order of the page
     * @param text lines of Markdown that the page has under the heading
     */
    public record Section(String name, List<Description> descriptions, List<String> text) {
        /** Copies the lists. */
        public Section {
            descriptions = List.copyOf(descriptions);
            text = List.copyOf(text);
        }

        /**
         * Without any text.
         *
         * @param name empty where a page has no headings
         * @param descriptions in the order of the page
         */
        public Section(String name, List<Description> descriptions) {
            this(name, descriptions, List.of());
        }
    }

    /** All kinds but the blocks, which are made of layers; each is a command and a page. */
    public static final List<Catalogue> ALL = List.of(
            new Catalogue(
                    "layers",
                    "layer",
                    "Layers",
                    "What a job's `model.layers` and Java's `Layers.parse` take, with the names, arguments and defaults of"
                            + " PyTorch where it has a counterpart: `nn.Conv2d(1, 6, 5, padding='same', bias=False)` may be"
                            + " copied. Arguments without names stand where PyTorch has them. What differs: samples are always the"
                            + " first dimension, so no layer moves or joins it, and sequences need `batch_first=true`; everything is"
                            + " float32, whole numbers int32; memory is planned, so there is no `inplace`; initial values are"
                            + " PyTorch's distributions, not its numbers, and `init=...` chooses others.",
                    Layers.FAMILIES.stream()
                            .map(family -> new Section(family.name(), family.descriptions()))
                            .toList()),
            new Catalogue(
                    "losses",
                    "loss",
                    "Losses",
                    "What a job's `loss` and Java's `Losses.parse` take. x is the model's output, t the target. As in PyTorch"
                            + " `CrossEntropyLoss` and `BCEWithLogitsLoss` take logits, so the model ends without softmax or sigmoid."
                            + " `reduction` is mean or sum: of the whole mini-batch, whatever the micro-batches. Weights of"
                            + " samples come with the batch (`sample_weights`).",
                    plain(Losses.REGISTRY)),
            new Catalogue(
                    "optimizers",
                    "optimizer",
                    "Optimizers",
                    "What a job's `optimizer` and Java's `Optimizers.parse` take. g is the gradient of a weight w; the state is"
                            + " in checkpoints under the names of PyTorch. Defaults are PyTorch's; there is one kernel for each, so"
                            + " no `foreach` or `fused`. Which parameters learn otherwise, or not at all, is said by the job's"
                            + " `parameter-groups`.",
                    plain(Optimizers.REGISTRY)),
            new Catalogue(
                    "rates",
                    "learning-rate schedule",
                    "Learning-rate schedules",
                    "What a job's `learning-rate-schedule` and Java's `LearningRateSchedules.parse` take. base is the rate of"
                            + " the optimizer; steps count from 1. All but `ReduceLROnPlateau` go on after every optimizer step, as if"
                            + " PyTorch's `scheduler.step()` stood behind `optimizer.step()`: a `step_size`, `T_max` or milestone of"
                            + " epochs is multiplied by the steps of an epoch, which `./ketju plan` shows. Momentum is left as it"
                            + " is (`cycle_momentum=False`), and no schedule at all is `ConstantLR()`.",
                    plain(LearningRateSchedules.REGISTRY)),
            new Catalogue(
                    "averages",
                    "average of weights",
                    "Averages of weights",
                    "What a job's `average` and Java's `WeightAverages.parse` take. w is a weight after a step. Training goes by"
                            + " w; evaluation, prediction and `model.safetensors` by the average, which is in checkpoints"
                            + " under `average/`.",
                    plain(WeightAverages.REGISTRY)),
            new Catalogue(
                    "initializers",
                    "initializer",
                    "Initial values",
                    "What `init` of a layer, a job's `model.init` and Java's `Initializers.parse` take, with or without PyTorch's"
                            + " underscore at the end. Every number is a function of the seed, the"
                            + " parameter's name and its index. fan_in and fan_out are the numbers of inputs and outputs of"
                            + " one unit.",
                    plain(Initializers.REGISTRY)),
            new Catalogue(
                    "metrics",
                    "metric",
                    "Metrics",
                    "What can be measured beside a loss, over whole sets, whatever the micro-batches. Which of them a loss has"
                            + " follows from its outputs.",
                    List.of(new Section("", Metrics.DESCRIPTIONS))));

    /**
     * Without pictures.
     *
     * @param name of the command and the page: {@code layers}
     * @param kind what errors call one: {@code layer}
     * @param title of the page
     * @param introduction of the page
     * @param families in the order of the page; one without a name where there are none
     */
    public Catalogue(String name, String kind, String title, String introduction, List<Section> families) {
        this(name, kind, title, introduction, families, description -> List.of());
    }

    /** Copies the list. */
    public Catalogue {
        families = List.copyOf(families);
    }

    private static List<Section> plain(Registry<?> registry) {
        return List.of(new Section("", registry.descriptions()));
    }

    /** {@return all descriptions, in the order of the page} */
    public List<Description> descriptions() {
        return families.stream()
                .flatMap(family -> family.descriptions().stream())
                .toList();
    }

    /** {@return all names, sorted} */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        descriptions().forEach(description -> names.add(description.name()));
        return names;
    }

    /**
     * Looks a description up.
     *
     * @param wanted its name, also as it is written in PyTorch ({@code torch.nn.Conv2d}, {@code F.relu}) or in another case; what follows a
     *     parenthesis is not read
     * @return the description of that name
     * @throws IllegalArgumentException with the nearest name if there is none
     */
    public Description description(String wanted) {
        SortedSet<String> known = names();
        String name = PyTorchNames.of(wanted.split("\\(", 2)[0].strip(), known)
                .orElseThrow(() -> new IllegalArgumentException(Registry.unknown(kind, wanted, known)));
        return descriptions().stream()
                .filter(description -> description.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** {@return one of them in a sentence: {@code an optimizer}} */
    public String oneOfKind() {
        return ("aeio".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind;
    }
}
