package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.activation.Activations;
import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.embedding.Embedding;
import io.ketju.layers.embedding.Positions;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.normalization.BatchNorm1d;
import io.ketju.layers.normalization.BatchNorm2d;
import io.ketju.layers.normalization.LayerNorm;
import io.ketju.layers.pooling.AdaptiveAvgPool2d;
import io.ketju.layers.pooling.AvgPool1d;
import io.ketju.layers.pooling.AvgPool2d;
import io.ketju.layers.pooling.MaxPool1d;
import io.ketju.layers.pooling.MaxPool2d;
import io.ketju.layers.regularization.Dropout;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Linear(784, 512)|Linear(784, 512)",
                "Linear(out_features=2, in_features=3)|Linear(3, 2)",
                "Linear(3, 2, False)|Linear(3, 2, bias=false)",
                "Linear(3, 2, bias_init=zeros)|Linear(3, 2, bias_init=zeros())",
                "Linear(16, 2, bias_init=uniform(bound=0.25))|Linear(16, 2)",
                "Linear(3, 2, init=xavier_uniform)|Linear(3, 2, init=xavier_uniform(gain=1))",
                "Conv2d(1, 6, 5)|Conv2d(1, 6, kernel_size=5)",
                "Conv2d(1, 6, 5, 2, 1)|Conv2d(1, 6, kernel_size=5, padding=1, stride=2)",
                "Conv2d(1, 6, (5, 3), init=zeros, bias=false)|Conv2d(1, 6, bias=false, init=zeros(), kernel_size=(5, 3))",
                "Conv2d(4, 6, 5, 1, same, 1, 2)|Conv2d(4, 6, groups=2, kernel_size=5, padding=2)",
                "Conv1d(4, 6, 3, padding=same, dilation=2)|Conv1d(4, 6, dilation=2, kernel_size=3, padding=2)",
                "Conv2d(4, 6, (2, 3), padding=same)|Conv2d(4, 6, kernel_size=(2, 3), padding=same)",
                "Conv2d(4, 6, 3, 1, 1, 1, 1, True, reflect)|Conv2d(4, 6, kernel_size=3, padding=1, padding_mode=reflect)",
                "Conv1d(4, 6, 4, padding=same, padding_mode=circular)|Conv1d(4, 6, kernel_size=4, padding=same, padding_mode=circular)",
                "Conv1d(4, 6, 3, padding=valid)|Conv1d(4, 6, kernel_size=3)",
                "ConvTranspose2d(4, 6, 3, 2, output_padding=(1, 0))|ConvTranspose2d(4, 6, kernel_size=3, output_padding=(1, 0), stride=2)",
                "MaxPool2d(2)|MaxPool2d(kernel_size=2)",
                "MaxPool2d(3, stride=3)|MaxPool2d(kernel_size=3)",
                "MaxPool2d(3, 1, 1)|MaxPool2d(kernel_size=3, padding=1, stride=1)",
                "ReLU|ReLU()",
                "Tanh()|Tanh()",
                "Flatten()|Flatten()",
                "GELU|GELU()",
                "GELU(approximate=none)|GELU()",
                "GELU(approximate=tanh)|GELU(approximate=tanh)",
                "SiLU|SiLU()",
                "Sigmoid|Sigmoid()",
                "Add|Add()",
                "AdaptiveAvgPool2d((1, 1))|AdaptiveAvgPool2d(1)",
                "AdaptiveAvgPool2d(output_size=(None, 7))|AdaptiveAvgPool2d((None, 7))",
                "AdaptiveMaxPool1d(output_size=4)|AdaptiveMaxPool1d(4)",
                "MaxPool1d(3, None, 1, 2)|MaxPool1d(dilation=2, kernel_size=3, padding=1)",
                "AvgPool2d(2, 2, 0, False, True)|AvgPool2d(kernel_size=2)",
                "AvgPool2d(2, divisor_override=None)|AvgPool2d(kernel_size=2)",
                "AvgPool2d(2, 2, 0, False, False, 3)|AvgPool2d(count_include_pad=false, divisor_override=3, kernel_size=2)",
                "LPPool2d(2, (3, 2), 1)|LPPool2d(2, kernel_size=(3, 2), stride=1)",
                "LPPool1d(1.50, 3, ceil_mode=True)|LPPool1d(1.5, ceil_mode=true, kernel_size=3)",
                "AvgPool1d(3, 2, 1, True, False)|AvgPool1d(ceil_mode=true, count_include_pad=false, kernel_size=3, padding=1, stride=2)",
                "ZeroPad2d(padding=(1, 1, 1, 1))|ZeroPad2d(1)",
                "ReflectionPad1d((2, 0))|ReflectionPad1d((2, 0))",
                "ConstantPad2d((1, 2, 3, -4), 0.50)|ConstantPad2d((1, 2, 3, -4), 0.5)",
                "Upsample(None, 2, bilinear, True)|Upsample(align_corners=true, mode=bilinear, scale_factor=2)",
                "Upsample((3, 4))|Upsample(size=(3, 4))",
                "Upsample(scale_factor=(2, 1.5), recompute_scale_factor=true)|Upsample(recompute_scale_factor=true, scale_factor=(2, 1.5))",
                "UpsamplingNearest2d(scale_factor=2)|UpsamplingNearest2d(scale_factor=2)",
                "PixelUnshuffle(downscale_factor=3)|PixelUnshuffle(3)",
                "Dropout|Dropout(p=0.5)",
                "Dropout(0.1)|Dropout(p=0.1)",
                "Embedding(100, 8)|Embedding(100, 8)",
                "Embedding(100, 8, 0)|Embedding(100, 8, padding_idx=0)",
                "Embedding(100, 8, init=normal(0, 0.02))|Embedding(100, 8, init=normal(std=0.02))",
                "Narrow(1, -2, 2)|Narrow(1, -2, 2)",
                "Narrow(1, start=0, length=3)|Narrow(1, 0, 3)",
                "Bias(features=8)|Bias(8)",
                "Positions(100, 8, init=zeros)|Positions(100, 8, init=zeros())",
                "LayerNorm(8)|LayerNorm(8)",
                "LayerNorm((2, 8), 1e-6)|LayerNorm((2, 8), eps=1e-6)",
                "LayerNorm(8, bias=false)|LayerNorm(8, bias=false)",
                "LayerNorm(8, elementwise_affine=false)|LayerNorm(8, elementwise_affine=false)",
                "LayerNorm(8, elementwise_affine=false, bias=false)|LayerNorm(8, elementwise_affine=false)",
                "GroupNorm(2, 6)|GroupNorm(2, 6)",
                "GroupNorm(num_groups=3, num_channels=6, affine=False)|GroupNorm(3, 6, affine=false)",
                "InstanceNorm1d(8)|InstanceNorm1d(8)",
                "InstanceNorm2d(8, 1e-3, 0.2, True, False)|InstanceNorm2d(8, affine=true, eps=0.001)",
                "RMSNorm((2, 8), 1e-6)|RMSNorm((2, 8), eps=1e-6)",
                "RMSNorm(8, elementwise_affine=False)|RMSNorm(8, elementwise_affine=false)",
                "Dropout1d|Dropout1d(p=0.5)",
                "Dropout2d(0.1)|Dropout2d(p=0.1)",
                "BatchNorm1d(8, eps=0.001, momentum=0.01)|BatchNorm1d(8, eps=0.001, momentum=0.01)",
                "BatchNorm2d(8)|BatchNorm2d(8)",
                "BatchNorm2d(8, 1e-5, None)|BatchNorm2d(8, momentum=None)",
                "BatchNorm2d(8, affine=False, track_running_stats=False)|BatchNorm2d(8, affine=false, track_running_stats=false)",
            })
    void printsWhatItParses(String text, String canonical) {
        Layer layer = Layers.parse(text);
        assertThat(layer.toString()).isEqualTo(canonical).isEqualTo(layer.spec().toString());
        assertThat(Layers.parse(canonical)).isEqualTo(layer);
    }

    @Test
    void everyNameIsTested() {
        assertThat(LayerCase.all())
                .extracting(test -> test.layer().spec().name())
                .containsAll(Layers.names());
    }

    @Test
    void constructorsSayTheSame() {
        assertThat(new Linear(784, 512)).isEqualTo(Layers.parse("Linear(784, 512)"));
        assertThat(new Linear(3, 2).withoutBias().withInitializer(Initializers.xavierNormal(2)))
                .isEqualTo(Layers.parse("Linear(3, 2, bias=false, init=xavier_normal(2))"));
        assertThat(new Linear(3, 2).withBiasInitializer(Initializers.zeros()))
                .isEqualTo(Layers.parse("Linear(3, 2, bias_init=zeros)"));
        assertThat(new Conv2d(1, 6, 5, 3).withStride(2, 1).withPadding(2))
                .isEqualTo(Layers.parse("Conv2d(1, 6, (5, 3), (2, 1), 2)"));
        assertThat(new Conv2d(1, 6, 5).withoutBias().withInitializer(Initializers.zeros()))
                .isEqualTo(Layers.parse("Conv2d(1, 6, 5, bias=false, init=zeros)"));
        assertThat(new Conv2d(1, 6, 5).withPaddingMode(PaddingMode.CIRCULAR).withPadding(2))
                .isEqualTo(Layers.parse("Conv2d(1, 6, 5, padding=2, padding_mode=circular)"));
        assertThat(Activations.geluTanh()).isEqualTo(Layers.parse("GELU(approximate=tanh)"));
        assertThat(new Dropout()).isEqualTo(Layers.parse("Dropout"));
        assertThat(new Embedding(9, 4).withPaddingIdx(3).withInitializer(Initializers.normal(0.02)))
                .isEqualTo(Layers.parse("Embedding(9, 4, 3, init=normal(std=0.02))"));
        assertThat(new Positions(9, 4).withInitializer(Initializers.zeros()))
                .isEqualTo(Layers.parse("Positions(9, 4, init=zeros)"));
        assertThat(new LayerNorm(2, 8).withEps(1e-6).withoutBias())
                .isEqualTo(Layers.parse("LayerNorm((2, 8), 1e-6, bias=false)"));
        assertThat(new LayerNorm(8).withoutAffine()).isEqualTo(Layers.parse("LayerNorm(8, elementwise_affine=false)"));
        assertThat(new BatchNorm1d(8).withEps(0.001).withMomentum(0.01))
                .isEqualTo(Layers.parse("BatchNorm1d(8, 0.001, 0.01)"));
        assertThat(new BatchNorm2d(8).withoutAffine().withoutRunningStats())
                .isEqualTo(Layers.parse("BatchNorm2d(8, affine=false, track_running_stats=false)"));
        assertThat(new MaxPool2d(3).withStride(2).withPadding(1)).isEqualTo(Layers.parse("MaxPool2d(3, 2, 1)"));
        assertThat(new MaxPool1d(3).withStride(2).withPadding(1).withDilation(2).withCeilMode())
                .isEqualTo(Layers.parse("MaxPool1d(3, 2, 1, 2, ceil_mode=true)"));
        assertThat(new MaxPool2d(3).withDilation(2).withPadding(2).withCeilMode())
                .isEqualTo(Layers.parse("MaxPool2d(3, padding=2, dilation=2, ceil_mode=true)"));
        assertThat(new AvgPool2d(3).withStride(2).withPadding(1).withCeilMode().withoutPadInCount())
                .isEqualTo(Layers.parse("AvgPool2d(3, 2, 1, true, false)"));
        assertThat(new AvgPool1d(3).withStride(2).withPadding(1).withCeilMode().withoutPadInCount())
                .isEqualTo(Layers.parse("AvgPool1d(3, 2, 1, true, false)"));
        assertThat(new AdaptiveAvgPool2d()).isEqualTo(Layers.parse("AdaptiveAvgPool2d(1)"));
        assertThat(new AdaptiveAvgPool2d(2, 3)).isEqualTo(Layers.parse("AdaptiveAvgPool2d((2, 3))"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linear(1, 2)|unknown layer 'linear'; did you mean 'Linear'?",
                "GELU(approximate=erf)|GELU: argument 'approximate': expected none or tanh, found 'erf'",
                "Dropout(1.5)|Dropout: argument 'p': expected a number from 0 to 1, found 1.5",
                "Reshape((-1, -1))|Reshape: argument 'shape': expected sizes of at least 0, at most one of them -1, found [-1, -1]",
                "Unflatten(1, (2, -2))|Unflatten: argument 'unflattened_size': expected sizes of at least 0, at most one of them -1, found [2, -2]",
                "Bias(0)|Bias: argument 'features': expected at least 1, found 0",
                "Embedding(0, 5)|Embedding: argument 'num_embeddings': expected at least 1, found 0",
                "Embedding(4, 5, 4)|Embedding: argument 'padding_idx': expected a token from 0 to 3, found 4",
                "Narrow(0, 1, 1)|Narrow: argument 'dim': expected at least 1, found 0",
                "Narrow(1, 1, 0)|Narrow: argument 'length': expected at least 1, found 0",
                "LayerNorm((3, x))|LayerNorm((3, x)): argument 'normalized_shape': expected an integer, found 'x'",
                "LayerNorm((3, 0))|LayerNorm: argument 'normalized_shape': expected sizes of at least 1, found [3, 0]",
                "LayerNorm(3, -1)|LayerNorm: argument 'eps': expected a number >= 0, found -1.0",
                "GroupNorm(4, 6)|GroupNorm: argument 'num_groups': expected a divisor of num_channels = 6, found 4",
                "GroupNorm(0, 6)|GroupNorm: argument 'num_groups': expected at least 1, found 0",
                "GroupNorm(1, -6)|GroupNorm: argument 'num_channels': expected at least 1, found -6",
                "GroupNorm(1, 6, -1)|GroupNorm: argument 'eps': expected a number >= 0, found -1.0",
                "InstanceNorm1d(0)|InstanceNorm1d: argument 'num_features': expected at least 1, found 0",
                "InstanceNorm2d(3, eps=-1)|InstanceNorm2d: argument 'eps': expected a number >= 0, found -1.0",
                "InstanceNorm2d(3, track_running_stats=true)|InstanceNorm2d: argument 'track_running_stats': expected false, found true; running statistics of instances are not supported",
                "RMSNorm(0)|RMSNorm: argument 'normalized_shape': expected sizes of at least 1, found [0]",
                "RMSNorm(3, -1)|RMSNorm: argument 'eps': expected a number >= 0, found -1.0",
                "Dropout1d(-0.1)|Dropout1d: argument 'p': expected a number from 0 to 1, found -0.1",
                "Dropout2d(1.5)|Dropout2d: argument 'p': expected a number from 0 to 1, found 1.5",
                "BatchNorm1d(0)|BatchNorm1d: argument 'num_features': expected at least 1, found 0",
                "BatchNorm2d(3, eps=-1)|BatchNorm2d: argument 'eps': expected a number >= 0, found -1.0",
                "BatchNorm2d(3, momentum=no)|BatchNorm2d(3, momentum=no): argument 'momentum': expected a number, found 'no'",
                "BatchNorm2d(3, momentum=2)|BatchNorm2d: argument 'momentum': expected a number from 0 to 1, found 2.0",
                "Linear(10)|Linear(10): missing argument 'out_features'; it takes in_features, out_features, bias, init, bias_init",
                "Linear(0, 2)|Linear: argument 'in_features': expected at least 1, found 0",
                "Linear(2, -2)|Linear: argument 'out_features': expected at least 1, found -2",
                "Linear(2, 3, init=best)|unknown initializer 'best'; known: constant, dirac, eye, kaiming_normal, kaiming_uniform, normal, ones, orthogonal, sparse, trunc_normal, uniform, xavier_normal, xavier_uniform, zeros",
                "Conv2d(1, 2)|Conv2d(1, 2): missing argument 'kernel_size'; it takes in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, init",
                "Conv2d(4, 6, 3, groups=4)|Conv2d: argument 'groups': expected a divisor of in_channels 4 and out_channels 6, found 4",
                "Conv1d(4, 6, 3, groups=0)|Conv1d: argument 'groups': expected at least 1, found 0",
                "Conv1d(4, 6, 3, dilation=0)|Conv1d: argument 'dilation': expected at least 1, found 0",
                "Conv1d(4, 6, (3, 2))|Conv1d(4, 6, (3, 2)): argument 'kernel_size': expected an integer, found '(3, 2)'",
                "Conv1d(4, 6, 3, padding=full)|Conv1d: argument 'padding': expected same or valid, found 'full'",
                "Conv2d(1, 2, 3, 2, padding=same)|Conv2d: argument 'padding': expected numbers or valid for a stride of 2, found same",
                "Conv2d(1, 2, 3, padding_mode=mirror)|Conv2d: argument 'padding_mode': expected zeros or reflect or replicate or circular, found 'mirror'",
                "Conv2d(1, 2, (3, 0), padding=same)|Conv2d: argument 'kernel_size': expected at least 1, found 0",
                "ConvTranspose2d(1, 2, 3, padding_mode=reflect)|ConvTranspose2d: argument 'padding_mode': expected zeros, found 'reflect'",
                "ConvTranspose1d(1, 2, 3, padding_mode=circular)|ConvTranspose1d: argument 'padding_mode': expected zeros, found 'circular'",
                "ConvTranspose2d(1, 2, 3, padding=same)|ConvTranspose2d: argument 'padding': expected numbers, found same",
                "ConvTranspose2d(1, 2, 3, 2, output_padding=2)|ConvTranspose2d: argument 'output_padding': expected at least 0 and less than stride 2, found 2",
                "ConvTranspose1d(1, 2, 3, 2, output_padding=-1)|ConvTranspose1d: argument 'output_padding': expected at least 0 and less than stride 2, found -1",
                "ConvTranspose1d(3, 2, 3, groups=3)|ConvTranspose1d: argument 'groups': expected a divisor of in_channels 3 and out_channels 2, found 3",
                "Conv2d(0, 2, 3)|Conv2d: argument 'in_channels': expected at least 1, found 0",
                "Conv2d(1, 2, (3, 0))|Conv2d: argument 'kernel_size': expected at least 1, found 0",
                "Conv2d(1, 2, 3, 0)|Conv2d: argument 'stride': expected at least 1, found 0",
                "Conv2d(1, 2, 3, padding=-1)|Conv2d: argument 'padding': expected at least 0, found -1",
                "Conv2d(1, 2, 3, 1, 1, 1, 1, true, zeros, 1)|Conv2d(1, 2, 3, 1, 1, 1, 1, true, zeros, 1): expected at most 9 arguments without names, found 10; it takes in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, init",
                "MaxPool2d(3, padding=2)|MaxPool2d: argument 'padding': expected at most half of kernel_size 3, found 2",
                "ReLU(1)|ReLU(1): expected no arguments, found 1",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Layers.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void shapesThatDoNotFitPrintBoth() {
        doesNotFit("Linear(784, 10)", Shape.of(1, 1, 28, 28), "expected input [..., 784], found [1, 1, 28, 28]");
        doesNotFit(
                "Narrow(1, 2, 3)", Shape.of(5, 4), "expected input with positions 2 to 4 of dimension 1, found [5, 4]");
        doesNotFit(
                "Narrow(1, -3, 1)",
                Shape.of(5, 2),
                "expected input with positions -3 to -3 of dimension 1, found [5, 2]");
        doesNotFit("Narrow(1, 0, 1)", Shape.of(5), "expected input with positions 0 to 0 of dimension 1, found [5]");
        doesNotFit("Linear(784, 10)", Shape.of(), "expected input [..., 784], found []");
        doesNotFit(
                "Conv2d(3, 6, 5)",
                Shape.of(2, 1, 28, 28),
                "expected input [samples, 3, height, width], found [2, 1, 28, 28]");
        doesNotFit("Conv2d(3, 6, 5)", Shape.of(2, 784), "expected input [samples, 3, height, width], found [2, 784]");
        doesNotFit(
                "Conv2d(1, 6, 5, padding=1)",
                Shape.of(2, 1, 2, 8),
                "expected images of at least [3, 3] for this kernel, found [2, 1, 2, 8]");
        doesNotFit(
                "MaxPool2d(2)", Shape.of(2, 784), "expected input [samples, channels, height, width], found [2, 784]");
        doesNotFit(
                "MaxPool2d(2)",
                Shape.of(2, 6, 1, 4),
                "expected images of at least [2, 2] for this kernel, found [2, 6, 1, 4]");
        doesNotFit(
                "Conv2d(3, 4, 7, padding=3, padding_mode=reflect)",
                Shape.of(2, 3, 3, 9),
                "expected images of at least [4, 4] for this padding, found [2, 3, 3, 9]");
        doesNotFit("Conv1d(3, 4, 2)", Shape.of(2, 4, 7), "expected input [samples, 3, length], found [2, 4, 7]");
        doesNotFit(
                "Conv2d(3, 4, 3, dilation=2)",
                Shape.of(2, 3, 4, 9),
                "expected images of at least [5, 5] for this kernel, found [2, 3, 4, 9]");
        doesNotFit(
                "ConvTranspose2d(3, 4, 1, padding=2)",
                Shape.of(2, 3, 4, 9),
                "expected images whose output has from 1 to 2^31-1 rows and columns, found [2, 3, 4, 9] to 0 rows and 5"
                        + " columns");
    }

    @Test
    void featuresThatDoNotFitPrintBoth() {
        doesNotFit("Flatten()", Shape.of(), "expected input [samples, ...], found []");
        doesNotFit("Dropout()", Shape.of(), "expected input [samples, ...], found []");
        doesNotFit("LayerNorm(8)", Shape.of(2, 7), "expected input [..., 8], found [2, 7]");
        doesNotFit("LayerNorm((3, 8))", Shape.of(8), "expected input [..., 3, 8], found [8]");
        doesNotFit("RMSNorm((3, 8))", Shape.of(8), "expected input [..., 3, 8], found [8]");
        doesNotFit("GroupNorm(2, 6)", Shape.of(2, 4, 3), "expected input [samples, 6, ...], found [2, 4, 3]");
        doesNotFit("GroupNorm(2, 6)", Shape.of(6), "expected input [samples, 6, ...], found [6]");
        doesNotFit("InstanceNorm1d(3)", Shape.of(2, 3), "expected input [samples, 3, length], found [2, 3]");
        doesNotFit(
                "InstanceNorm2d(3)",
                Shape.of(2, 4, 5, 5),
                "expected input [samples, 3, height, width], found [2, 4, 5, 5]");
        doesNotFit("Dropout1d()", Shape.of(2, 3), "expected input [samples, channels, length], found [2, 3]");
        doesNotFit(
                "Dropout2d()", Shape.of(2, 3, 4), "expected input [samples, channels, height, width], found [2, 3, 4]");
        doesNotFit("Bias(8)", Shape.of(2, 7), "expected input [..., 8], found [2, 7]");
        doesNotFit("Positions(9, 4)", Shape.of(2, 10, 4), "expected input [samples, at most 9, 4], found [2, 10, 4]");
        doesNotFit(
                "BatchNorm1d(3)",
                Shape.of(2, 3, 4, 5),
                "expected input [samples, 3] or [samples, 3, length], found [2, 3, 4, 5]");
        doesNotFit("BatchNorm2d(3)", Shape.of(2, 3, 4), "expected input [samples, 3, height, width], found [2, 3, 4]");
        doesNotFit(
                "AdaptiveAvgPool2d(1)",
                Shape.of(2, 3, 4),
                "expected input [samples, channels, height, width], found [2, 3, 4]");
    }

    @Test
    void instancesOfOneElementAreNotTrainedOn() {
        Layer layer = Layers.parse("InstanceNorm1d(3)");
        layer.requireTrainable(List.of(TensorType.floats(1, 3, 2)));
        assertThatThrownBy(() -> layer.requireTrainable(List.of(TensorType.floats(2, 3, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("InstanceNorm1d(3): expected more than one value per channel in training, found");
    }

    private static void doesNotFit(String layer, Shape input, String message) {
        doesNotFit(layer, List.of(TensorType.floats(input)), message);
    }

    private static void doesNotFit(String layer, List<TensorType> inputs, String message) {
        assertThatThrownBy(() -> Layers.parse(layer).outputs(inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void inputsThatDoNotFitPrintBoth() {
        TensorType row = TensorType.floats(2, 3);
        doesNotFit("ReLU()", List.of(), "expected 1 input, found 0 []");
        doesNotFit("ReLU()", List.of(row, row), "expected 1 input, found 2 [float32[2, 3], float32[2, 3]]");
        doesNotFit("ReLU()", List.of(TensorType.ints(2)), "expected input of type float32, found int32[2]");
        doesNotFit("Embedding(9, 4)", List.of(row), "expected input of type int32, found float32[2, 3]");
        doesNotFit("Add()", List.of(row), "expected at least 2 inputs, found 1 [float32[2, 3]]");
        doesNotFit(
                "Add()",
                List.of(row, TensorType.floats(2, 4)),
                "expected inputs whose dimensions, from the last one on, are equal or 1, found [float32[2, 3],"
                        + " float32[2, 4]]");
        doesNotFit(
                "Add()",
                List.of(TensorType.ints(2), TensorType.ints(2)),
                "expected input 0 of type float32, found int32[2]");
    }

    @Test
    void countsFlops() {
        countsFlops("Linear(784, 512)", Shape.of(3, 784), 3L * 512 * (2 * 784 + 1));
        countsFlops("Linear(6, 4, bias=false)", Shape.of(2, 3, 6), 2 * 3 * 4 * 2 * 6);
        countsFlops("Conv2d(1, 6, 5, padding=2)", Shape.of(2, 1, 28, 28), 2 * 6 * 28 * 28 * (2 * 25 + 1));
        countsFlops("MaxPool2d(2)", Shape.of(2, 6, 28, 28), 2 * 6 * 28 * 28);
        countsFlops("Flatten()", Shape.of(2, 6, 28, 28), 0);
        countsFlops("ReLU()", Shape.of(2, 6, 28, 28), 2 * 6 * 28 * 28);
    }

    private static void countsFlops(String layer, Shape input, long flops) {
        assertThat(Layers.parse(layer).forwardFlops(List.of(TensorType.floats(input))))
                .isEqualTo(flops);
    }
}
