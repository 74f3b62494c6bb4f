package io.ketju.layers.model.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.Layer;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Node;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsTest {
    /** Parameter counts worked out by hand from the layers' shapes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lenet5|12|61706",
                "lenet|10|431080",
                "lenet(4, 8, hidden=16)|10|3146",
                "mlp|6|535818",
                "mlp(64, 10)|2|650",
            })
    void isBuiltByName(String name, int layers, long parameters) {
        Model model = Models.named(name);
        assertThat(model.nodes()).hasSize(layers);
        assertThat(model.parameterCount()).isEqualTo(parameters);
        assertThat(model.outputShape()).isEqualTo(Shape.of(10));
    }

    /** Parameter counts of PyTorch's modules of the same sizes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "resnet18|68|11173962|[10]",
                "resnet(8, (1, 2), 5, channels=1, image=8)|29|9709|[5]",
                "gpt(50, 16, layers=2, heads=2, width=12, dropout=0.1)|29|4584|[16, 50]",
                "lstm_classifier(20, 9, 6, hidden=5, classes=3)|4|398|[3]",
                "lstm_classifier(20, 9, 6, 5, 3, num_layers=2, bidirectional=true)|5|1353|[3]",
                "transformer(13, 11, 7, d_model=8, nhead=2, num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=12)|54|2335|[7, 11]",
                "gan(4, 8, 6)|16|303|[6]",
                "dcgan(100, 64, channels=3, image=64)|40|6342272|[3, 64, 64]",
                "dcgan(16, 8, image=28)|22|17760|[1, 28, 28]",
                "dcgan(4, 3, image=8)|13|342|[1, 8, 8]",
                "policy_network(4, 32, 2)|6|419|[2]",
                "language_model(11, 6, embedding=5, hidden=4, cell=rnn)|3|154|[6, 11]",
                "language_model(11, 6, 5, 4, cell=gru, num_layers=2)|3|362|[6, 11]",
                "text_cnn(12, 9, embedding=4, filters=3, classes=2, widths=(2, 3))|12|128|[2]",
                "seq2seq(9, 8, 6, embedding=5, hidden=4)|5|213|[6, 8]",
                "seq2seq(9, 8, 6, embedding=5, hidden=4, cell=lstm, attention=true)|6|609|[6, 8]",
                "skip_gram(9, dimensions=4, window=6)|2|72|[]",
                "cbow(9, dimensions=4, window=6, depth=5)|2|68|[]",
                "gcn|8|594|[2]",
                "gcn(1433, 16, 7, nodes=2708, edges=13264)|8|23063|[7]",
                "gcn(6, 5, 3, layers=1, nodes=4, edges=9)|3|21|[3]",
                "gcn(6, 5, 3, layers=3, nodes=4, edges=9, normalize=true)|13|83|[3]",
                "graph_sage(6, 5, 3, nodes=4, edges=9)|10|98|[3]",
            })
    void theNetworksOfTheFieldAreBuiltByName(String name, int layers, long parameters, String output) {
        Model model = Models.named(name);
        assertThat(model.nodes()).hasSize(layers);
        assertThat(model.parameterCount()).isEqualTo(parameters);
        assertThat(model.outputShape()).hasToString(output);
    }

    /** Parameters of torchvision's models; of MobileNet V1 those of the paper's table 8, 4.2 million. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear_classifier|30730|[10]",
                "mlp(3072, 100, 10)|308310|[10]",
                "sigmoid_network(784, 30, 10)|23860|[10]",
                "autoencoder((128, 32), image=28)|209968|[1, 28, 28]",
                "alexnet|61100840|[1000]",
                "alexnet_narrow|8241832|[1000]",
                "alexnet_two_columns|60965224|[1000]",
                "alexnet(10, image=32, stem=small)|57023306|[10]",
                "vgg11|132863336|[1000]",
                "vgg13|133047848|[1000]",
                "vgg16|138357544|[1000]",
                "vgg19|143667240|[1000]",
                "vgg16_bn|138365992|[1000]",
                "vgg16(hidden=2048)|72342312|[1000]",
                "vgg16(10, image=28, stem=small)|33638218|[10]",
                "vgg([64, \"M\", 128, 'M', 256, M], 10, batch_norm=true, hidden=64, pool=1, image=32)|392970|[10]",
                "resnet18(stem=imagenet)|11689512|[1000]",
                "resnet34(stem=imagenet)|21797672|[1000]",
                "resnet50(stem=imagenet)|25557032|[1000]",
                "resnet50(stem=imagenet, stride_first=true)|25557032|[1000]",
                "resnext50_32x4d(stem=imagenet)|25028904|[1000]",
                "mobilenet_v1|4231976|[1000]",
                "mobilenet_v2|3504872|[1000]",
                "mobilenet_v3_large|5483032|[1000]",
                "mobilenet_v3_small|2542856|[1000]",
                "efficientnet_b0|5288548|[1000]",
                "efficientnet(width_mult=1.1, depth_mult=1.2, image=288)|9109994|[1000]",
            })
    void networksOverImagesHaveAsManyParametersAsPublished(String name, long parameters, String output) {
        Model model = Models.named(name);
        assertThat(model.parameterCount()).isEqualTo(parameters);
        assertThat(model.outputShape()).hasToString(output);
    }

    /** From {@code alexnet} on, each has a beginning for images of 28 x 28 and of 32 x 32. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alexnet",
                "alexnet_narrow",
                "alexnet_two_columns",
                "vgg",
                "vgg11",
                "vgg13",
                "vgg16",
                "vgg19",
                "vgg11_bn",
                "vgg13_bn",
                "vgg16_bn",
                "vgg19_bn",
                "resnet",
                "resnet18",
                "resnet34",
                "resnet50",
                "resnext50_32x4d",
                "mobilenet_v1",
                "mobilenet_v2",
                "mobilenet_v3_large",
                "mobilenet_v3_small",
                "efficientnet",
                "efficientnet_b0"
            })
    void networksOverImagesTakeSmallOnesToo(String name) {
        for (String image : List.of("channels=1, image=28", "image=32")) {
            Model small = Models.named(name + "(classes=10, " + image + ", stem=small)");
            assertThat(small.outputShape()).as(name + image).isEqualTo(Shape.of(10));
            Model large = Models.named(
                    name + "(classes=10, " + image.replaceAll("image=\\d+", "image=227") + ", stem=imagenet)");
            assertThat(names(small)).isEqualTo(names(large));
        }
    }

    private static List<String> names(Model model) {
        return model.nodes().stream()
                .flatMap(node -> node.parameters().stream())
                .toList();
    }

    /** Howard et al. 2017, table 4: 569 million multiplications of an image of 224 x 224. */
    @Test
    void mobileNetV1MultipliesAsOftenAsPublished() {
        Model model = Models.named("mobilenet_v1");
        ModelTypes types = model.types(1);
        long multiplications = model.nodes().stream()
                .filter(node -> node.layer() instanceof Conv2d || node.layer() instanceof Linear)
                .mapToLong(node -> node.layer().forwardFlops(types.inputs(node)) / 2)
                .sum();
        assertThat(Math.round(multiplications / 1e6)).isEqualTo(569);
    }

    /** The sizes of course notes: 55, 18, 18, 6, 6, 6, 6, 2, then 512 features. */
    @Test
    void theNarrowAlexNetHasItsSizes() {
        Model model = Models.named("alexnet_narrow");
        ModelTypes types = model.types(1);
        List<Integer> rows = new ArrayList<>();
        for (int i = 0; i < model.nodes().size(); i++) {
            Layer layer = model.nodes().get(i).layer();
            if (layer instanceof Conv2d || layer instanceof MaxPool2d) {
                rows.add(types.outputs().get(i).getFirst().shape().dimension(2));
            }
        }
        assertThat(rows).containsExactly(55, 18, 18, 6, 6, 6, 6, 2);
        assertThat(model.parameter("classifier.1.weight").shape()).isEqualTo(Shape.of(2048, 512));
    }

    /** But for a loss that looks like the job's, which the job says. */
    @Test
    void everyModelTravelsAsText() {
        for (String name : Models.names()) {
            Model model = Models.named(name);
            Model read = ModelText.parse(model.inputShape(), ModelText.print(model));
            boolean says = read.heads().isEmpty() && !model.heads().isEmpty();
            assertThat(says ? read.withHead(model.heads().getFirst().loss()) : read)
                    .isEqualTo(model);
        }
    }

    @Test
    void everyLayerTravelsAsText() {
        for (String name : Models.names()) {
            for (Node node : Models.named(name).nodes()) {
                assertThat(Layers.parse(node.layer().toString())).isEqualTo(node.layer());
            }
        }
    }

    @Test
    void mlpTakesImagesToo() {
        Model mlp = Models.named("mlp(64, 32, 10)");
        assertThat(mlp.withInputShape(Shape.of(1, 8, 8)).outputShape()).isEqualTo(Shape.of(10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inception|unknown model 'inception'; there are ",
                "linear_classifier(0)|Linear: argument 'in_features': expected at least 1, found 0",
                "sigmoid_network(4, 0)|Linear: argument 'out_features': expected at least 1, found 0",
                "autoencoder((8, 0))|autoencoder: argument 'sizes': expected at least 1, found 0",
                "alexnet(image=20)|layer features.5 MaxPool2d(kernel_size=3, stride=2): expected images of at least [3, 3] for this kernel, found [1, 192, 1, 1]",
                "alexnet(stem=large)|alexnet: argument 'stem': expected imagenet or small, found 'large'",
                "alexnet(channels=0)|alexnet: argument 'channels': expected at least 1, found 0",
                "alexnet(dropout=1.5)|Dropout: argument 'p': expected a number from 0 to 1, found 1.5",
                "vgg11(image=28)|layer features.20 MaxPool2d(kernel_size=2): expected ",
                "vgg([64, A])|VGG: argument 'configuration': expected channels of a convolution, at least 1, or \"M\" for pooling, found 'A'",
                "vgg([64, 0])|VGG: argument 'configuration': expected channels of a convolution, at least 1, or \"M\" for pooling, found '0'",
                "vgg([M, 64])|VGG: argument 'configuration': expected a convolution first, found [M, 64]",
                "vgg12|unknown model 'vgg12'; did you mean ",
                "resnet18(image=(8, 0))|resnet18: argument 'image': expected at least 1, found 0",
                "resnet50(classes=0)|Linear: argument 'out_features': expected at least 1, found 0",
                "mobilenet_v2(width_mult=0)|mobilenet_v2(width_mult=0): argument 'width_mult': expected above 0 and at most 1000, found 0.0",
                "mobilenet_v1(width_mult=-1)|mobilenet_v1(width_mult=-1): argument 'width_mult': expected above 0 and at most 1000, found -1.0",
                "efficientnet(depth_mult=5000)|efficientnet(depth_mult=5000): argument 'depth_mult': expected above 0 and at most 1000, found 5000.0",
                "efficientnet_b0(stochastic_depth_prob=2)|Stochastic",
                "resnet(8, (2, 0))|resnet(8, (2, 0)): argument 'blocks': expected 1 to 1000, found 0",
                "gpt(layers=100000000)|gpt(layers=100000000): argument 'layers': expected 1 to 1000, found 100000000",
                "gpt(heads=3)|MultiheadAttention: expected embed_dim to be a multiple of num_heads, found 256 and 3",
                "lstm_classifier(num_layers=0)|lstm_classifier(num_layers=0): argument 'num_layers': expected 1 to 1000, found 0",
                "transformer(dropout=2)|Dropout: argument 'p': expected a number from 0 to 1, found 2.0",
                "gan(0)|Linear: argument 'in_features': expected at least 1, found 0",
                "dcgan(0)|dcgan: argument 'latent': expected at least 1, found 0",
                "dcgan(image=30)|dcgan: argument 'image': expected 4, 5, 6 or 7 times 2, 4, 8 or so on, for instance 28, found 30",
                "dcgan(image=7)|dcgan: argument 'image': expected 4, 5, 6 or 7 times 2, 4, 8 or so on, for instance 28, found 7",
                "dcgan(image=(28, 32))|dcgan: argument 'image': expected as many rows as columns, found (28, 32)",
                "dcgan(width=40000)|dcgan: argument 'width': expected at most 16384 for images of 28, found 40000",
                "gcn(layers=0)|gcn(layers=0): argument 'layers': expected 1 to 1000, found 0",
                "gcn(nodes=0)|gcn: argument 'nodes': expected at least 1, found 0",
                "gcn(edges=0)|gcn: argument 'edges': expected at least 1, found 0",
                "gcn(1433, 0)|Linear: argument 'out_features': expected at least 1, found 0",
                "gcn(dropout=1.5)|Dropout: argument 'p': expected a number from 0 to 1, found 1.5",
                "gcn(1433, 16, 7, 2)|gcn(1433, 16, 7, 2): expected at most 3 arguments without names, found 4; it takes features, hidden, classes, ",
                "graph_sage(aggr=median)|graph_sage: argument 'aggr': expected sum or mean or max, found 'median'",
                "vgg11(image=28, stem=tiny)|vgg11: argument 'stem': expected imagenet or small, found 'tiny'",
                "policy_network(actions=0)|Linear: argument 'out_features': expected at least 1, found 0",
                "language_model(cell=elman)|language_model: argument 'cell': expected rnn or lstm or gru, found 'elman'",
                "text_cnn(widths=(3, 0))|text_cnn(widths=(3, 0)): argument 'widths': expected 1 to 1000, found 0",
                "seq2seq(attention=additive)|seq2seq(attention=additive): argument 'attention': expected true or false, found 'additive'",
                "cbow(negatives=3, depth=9)|cbow: expected negatives, for negative sampling, or depth, for a Huffman tree, found both",
                "skip_gram(window=0)|skip_gram(window=0): argument 'window': expected 1 to 1000, found 0",
                "lenet5(3)|lenet5(3): expected no arguments, found 1",
                "lenet(1, x)|lenet(1, x): argument 'channels2': expected an integer, found 'x'",
                "mlp(a, 2)|mlp(a, 2): expected integers, found [a, 2]",
                "mlp(sizes=3)|mlp(sizes=3): expected sizes without names, for instance mlp(784, 512, 10)",
                "mlp(10)|mlp: expected at least 2 sizes, input and output, found 1",
                "mlp(0, 10)|Linear: argument 'in_features': expected at least 1, found 0",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Models.named(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aLayerThatDoesNotFitIsNamed() {
        assertThatThrownBy(() -> Model.of(Shape.of(3, 32, 32), LeNet.five()))
                .hasMessage(
                        "layer 0 Conv2d(1, 6, kernel_size=5, padding=2): expected input [samples, 1, height, width], found [1, 3, 32, 32]");
        assertThatThrownBy(() -> Model.of(Shape.of(1, 8, 8), LeNet.five()))
                .hasMessageStartingWith(
                        "layer 3 Conv2d(6, 16, kernel_size=5): expected images of at least [5, 5] for this kernel, found [1, 6, ");
    }
}
