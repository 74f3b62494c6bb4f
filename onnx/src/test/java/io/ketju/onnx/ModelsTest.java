package io.ketju.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.model.Input;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.zoo.Models;
import io.ketju.onnx.format.OnnxModel;
import io.ketju.onnx.format.OnnxValue;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every network of the zoo, in a small form, gives in onnxruntime what it gives here: at two sizes of batches and sequences. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelsTest {
    private static final long SEED = 11;

    /** A small form of each, by its name. */
    private static final Map<String, String> FORMS = new TreeMap<>(Map.ofEntries(
            Map.entry("alexnet", "alexnet(10, hidden=8, image=32, stem=small)"),
            Map.entry("alexnet_narrow", "alexnet_narrow(10, hidden=8, image=32, stem=small)"),
            Map.entry("alexnet_two_columns", "alexnet_two_columns(10, hidden=8, image=32, stem=small)"),
            Map.entry("autoencoder", "autoencoder((12, 5), image=6)"),
            Map.entry("cbow", "cbow(11, 5, 4, depth=5)"),
            Map.entry("dcgan", "dcgan(3, 2, image=16)"),
            Map.entry("efficientnet", "efficientnet(10, width_mult=0.25, depth_mult=0.25, image=32)"),
            Map.entry("gan", "gan(3, 7, 5)"),
            Map.entry("gcn", "gcn(5, 4, 3, nodes=6, edges=12)"),
            Map.entry("gpt", "gpt(13, 7, 2, 2, 8)"),
            Map.entry("graph_sage", "graph_sage(5, 4, 3, nodes=6, edges=12)"),
            Map.entry("language_model", "language_model(13, 7, 5, 6, cell=gru, num_layers=2)"),
            Map.entry("lenet", "lenet(3, 4, 7)"),
            Map.entry("lenet5", "lenet5"),
            Map.entry("linear_classifier", "linear_classifier(12, 5)"),
            Map.entry("lstm_classifier", "lstm_classifier(13, 7, 5, 6, 4, num_layers=2, bidirectional=true)"),
            Map.entry("mlp", "mlp(12, 7, 5)"),
            Map.entry("mobilenet_v1", "mobilenet_v1(10, width_mult=0.25, image=32)"),
            Map.entry("mobilenet_v2", "mobilenet_v2(10, width_mult=0.25, image=32)"),
            Map.entry("mobilenet_v3_large", "mobilenet_v3_large(10, width_mult=0.25, image=32)"),
            Map.entry("mobilenet_v3_small", "mobilenet_v3_small(10, width_mult=0.25, image=32)"),
            Map.entry("policy_network", "policy_network(5, 7, 3)"),
            Map.entry("resnet", "resnet(width=4, blocks=(1, 1, 1, 1))"),
            Map.entry("seq2seq", "seq2seq(13, 11, 7, 5, 6, cell=lstm, attention=true)"),
            Map.entry("sigmoid_network", "sigmoid_network(12, 7, 5)"),
            Map.entry("skip_gram", "skip_gram(11, 5, 4, depth=5)"),
            Map.entry("text_cnn", "text_cnn(13, 9, 5, 4, 3)"),
            Map.entry("transformer", "transformer(13, 11, 7, 8, 2, num_encoder_layers=1, num_decoder_layers=1)"),
            Map.entry("vgg", "vgg([4, M, 8, M], 10, batch_norm=true, hidden=8, pool=1, image=8)")));

    /** Those that have no small form; they are compared by the long tests. */
    private static final List<String> LARGE = List.of(
            "efficientnet_b0(10, image=32)",
            "resnet18(10, image=16)",
            "resnet34(10, image=16)",
            "resnet50(10, image=16)",
            "resnext50_32x4d(10, image=16)",
            "vgg11(10, hidden=8, image=32, pool=1)",
            "vgg11_bn(10, hidden=8, image=32, pool=1)",
            "vgg13(10, hidden=8, image=32, pool=1)",
            "vgg13_bn(10, hidden=8, image=32, pool=1)",
            "vgg16(10, hidden=8, image=32, pool=1)",
            "vgg16_bn(10, hidden=8, image=32, pool=1)",
            "vgg19(10, hidden=8, image=32, pool=1)",
            "vgg19_bn(10, hidden=8, image=32, pool=1)");

    private final TensorCore core = TensorCore.open(1);

    @AfterAll
    void close() {
        core.close();
    }

    @Test
    void everyNetworkHasAForm() {
        List<String> known = new ArrayList<>(FORMS.keySet());
        LARGE.forEach(form -> known.add(form.split("\\(", 2)[0]));
        assertThat(known).containsExactlyInAnyOrderElementsOf(Models.names());
    }

    /** A small form of each network that has one. */
    static List<String> forms() {
        return List.copyOf(FORMS.values());
    }

    @TestFactory
    List<DynamicTest> everyNetworkGivesTheSame() {
        return FORMS.values().stream()
                .map(form -> DynamicTest.dynamicTest(form, () -> check(Models.named(form), core)))
                .toList();
    }

    /** The graph alone, whose nodes do not depend on what the weights are. */
    @TestFactory
    List<DynamicTest> everyLargeNetworkIsExported() {
        return LARGE.stream()
                .map(form -> DynamicTest.dynamicTest(form, () -> {
                    Model model = Models.named(form);
                    OnnxModel file = OnnxExport.of(model)
                            .model(name ->
                                    new float[model.parameter(name).shape().elements()]);
                    assertThat(file.graph().nodes()).hasSizeGreaterThan(20);
                    assertThat(file.graph().outputs()).hasSameSizeAs(model.outputNames());
                }))
                .toList();
    }

    @Tag("long")
    @TestFactory
    List<DynamicTest> everyLargeNetworkGivesTheSame() {
        return LARGE.stream()
                .map(form -> DynamicTest.dynamicTest(form, () -> check(Models.named(form), core)))
                .toList();
    }

    private static void check(Model model, TensorCore core) {
        try (Comparison comparison = new Comparison(model, 3, SEED, core)) {
            comparison.require(values(model, 2, 0));
            comparison.require(values(model, 3, 2));
        }
    }

    /** Of what is drawn: lengths are from 1 on, rows of a graph about as long as each other, and edges lead to nodes that there are. */
    private static float element(Model model, String name, int i, Values drawn) {
        int last = drawn.elements().length - 1;
        return switch (name) {
            case "row_pointers" -> {
                int first = i * model.inputs().get(2).type().shape().elements() / last;
                yield first;
            }
            case "column_indexes" ->
                drawn.elements()[i] % (model.inputs().get(1).type().shape().elements() - 1);
            default -> name.endsWith("lengths") ? drawn.elements()[i] + 1 : drawn.elements()[i];
        };
    }

    /** Tokens are below 11, and paths of a tree what paths are. */
    private static List<Values> values(Model model, int samples, int shorter) {
        List<Values> values = new ArrayList<>();
        for (Input input : model.inputs()) {
            TensorType type = input.type(samples);
            boolean tokens = !type.differentiable() && type.shape().rank() == 2 && input.batched();
            boolean sequence = tokens && !List.of("targets", "context").contains(input.name());
            if (sequence) {
                type = TensorType.ints(samples, type.shape().dimension(1) - shorter);
            }
            int bound = input.name().endsWith("lengths") ? 5 : input.batched() ? 11 : 20;
            Values random = Values.random(type, SEED + samples, input.name(), bound);
            for (int i = 0; i < random.elements().length; i++) {
                random.elements()[i] = element(model, input.name(), i, random);
            }
            values.add(random);
        }
        return values;
    }

    @Test
    void sequencesAndBatchesMayHaveAnySize() {
        OnnxExport export = OnnxExport.of(Models.named("gpt(13, 7, 2, 2, 8)"));
        assertThat(export.model(name -> new float[0])
                        .graph()
                        .inputs()
                        .getFirst()
                        .dimensions())
                .contains(List.of("batch", "positions"));
    }

    @Test
    void aPartMayBeExported() {
        OnnxExport export = OnnxExport.of(Models.named("skip_gram(11, 5, 4, depth=6)"));
        assertThat(export.model(name -> new float[55]).graph().inputs()).hasSize(3);
        assertThat(export.withOutputs(List.of("vectors"))
                        .model(name -> new float[55])
                        .graph()
                        .inputs())
                .hasSize(1);
        assertThatThrownBy(() -> export.withOutputs(List.of("vector")))
                .hasMessageContaining("output 'vector': expected the name of a layer");
    }

    /** Its own outputs are losses against words that are drawn at random. */
    @ParameterizedTest
    @ValueSource(strings = {"skip_gram(11, 5, 4, negatives=3)", "cbow(11, 5, 4)"})
    void ofWordVectorsAgainstNegativesTheVectorsAreExported(String name) {
        Model model = Models.named(name);
        OnnxExport export = OnnxExport.of(model);
        assertThat(export.model(parameter -> new float[55]).graph().outputs())
                .extracting(OnnxValue::name)
                .containsExactly("vectors");
        assertThat(export.model(parameter -> new float[55]).graph().inputs()).hasSize(1);
        assertThatThrownBy(() -> export.withOutputs(model.outputNames()).model(parameter -> new float[55]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NegativeSampling")
                .hasMessageContaining("draws random numbers");
    }

    /** Also where there is an edge less than nodes, or one more than pointers. */
    @ParameterizedTest
    @ValueSource(ints = {11, 4, 7})
    void inputsOfGraphsMayHaveAnySize(int edges) {
        LayerRow row =
                LayerRow.parse("NormalizedPropagation() | [5, 3]; int32[6]pointers; int32[EDGES]<5; positive[EDGES]"
                        .replace("EDGES", Integer.toString(edges)));
        assertThat(OnnxExport.of(row.model()).model(name -> new float[0]).graph().inputs().stream()
                        .map(input -> input.dimensions().orElseThrow().getFirst()))
                .containsExactly("nodes", "", "edges", "edges");
    }
}
