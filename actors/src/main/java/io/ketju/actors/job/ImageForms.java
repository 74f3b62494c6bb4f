package io.ketju.actors.job;

import io.ketju.data.BadDataException;
import io.ketju.data.TrainTest;
import io.ketju.data.image.Augmentation;
import io.ketju.data.image.AugmentedImages;
import io.ketju.data.image.ImageFolder;
import io.ketju.data.image.PixelScaling;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Images as data of a job file. */
final class ImageForms {
    static final Entry<TrainTest> IMAGES = Description.of("images", "Folders of images, a folder for each class")
            .required(
                    "source",
                    "the path in quotes of a folder, .zip or .tgz: CLASS/IMAGE, or train/CLASS/IMAGE and test/CLASS/IMAGE")
            .named("size", 32, "height and width that all images become")
            .named("channels", 3, "3 for colour, 1 for grey")
            .named("fit", "crop", "crop takes the middle of what is no square, stretch squeezes it")
            .named("test", 0.2, "share of each class that is tested with, where there are no folders train and test")
            .named("seed", 0, "which images those are")
            .formula("(pixel / 255 - mean) / std, by channel of the training images")
            .shapes("input [channels, size, size], a class each")
            .readBy(ImageForms::images);

    static final Entry<TrainTest> AUGMENT = Description.of("augment", "Images that vary from epoch to epoch")
            .required("source", "images: a known name, a path in quotes, or images(...)")
            .namedDerived(
                    "size", "that of the images", "height and width of the part that is cut out; tested is the middle")
            .named("padding", 0, "black pixels around an image before a part is cut out at random")
            .named("flip", false, "whether half of the images are mirrored from left to right")
            .named("vertical_flip", false, "whether half of them are mirrored from top to bottom")
            .named("resized", false, "whether parts of other sizes and forms are cut out and scaled")
            .named("area", 0.08, "smallest share of the area that is cut out then")
            .shapes("as the images, [channels, size, size] with a size")
            .source("torchvision.transforms.RandomCrop, RandomHorizontalFlip, RandomResizedCrop, CenterCrop")
            .use("more than the training images have to show: flip and padding=4 for CIFAR-10")
            .readBy(ImageForms::augmented);

    static final Entry<TrainTest> SCALE = Description.of("scale", "Images whose pixels become numbers in another way")
            .required("source", "images: a known name, a path in quotes, or images(...)")
            .required(
                    "scaling",
                    "standard (mean 0, deviation 1), center (mean 0), minmax (0 to 1) or none (0 to 255); by channel of the"
                            + " training images")
            .shapes("as the images")
            .readBy(ImageForms::scaled);

    private ImageForms() {}

    private static TrainTest scaled(Arguments arguments) {
        PixelScaling scaling = PixelScaling.valueOf(arguments
                .word("scaling", "standard", "center", "minmax", "none")
                .toUpperCase(Locale.ROOT));
        return scaling.of(DataForms.open(DataForms.unquoted(arguments.word("source"))));
    }

    private static TrainTest images(Arguments arguments) {
        ImageFolder.Form form = new ImageFolder.Form(
                TextForms.within(arguments, "size", 1, 1024),
                Integer.parseInt(arguments.word("channels", "1", "3")),
                arguments.word("fit", "crop", "stretch").equals("crop"));
        Path source = path(DataForms.unquoted(arguments.word("source")));
        return ImageFolder.read(
                source,
                form,
                TextForms.testShare(arguments),
                TextForms.within(arguments, "seed", 0, Integer.MAX_VALUE));
    }

    private static TrainTest augmented(Arguments arguments) {
        Augmentation augmentation = new Augmentation(
                arguments.text("size").isPresent() ? TextForms.within(arguments, "size", 1, 1024) : 0,
                TextForms.within(arguments, "padding", 0, 1024),
                arguments.flag("flip"),
                arguments.flag("vertical_flip"),
                arguments.flag("resized"),
                area(arguments));
        return AugmentedImages.of(DataForms.open(DataForms.unquoted(arguments.word("source"))), augmentation);
    }

    private static double area(Arguments arguments) {
        double area = arguments.number("area");
        if (!(area > 0 && area <= 1)) {
            throw new IllegalArgumentException(
                    "augment: argument 'area': expected a share above 0 to 1, found " + arguments.word("area"));
        }
        return area;
    }

    /** Of something that is there. */
    static Path path(String text) {
        try {
            Path path = Path.of(text);
            if (!Files.exists(path)) {
                throw BadDataException.unreadable(text, new NoSuchFileException(text));
            }
            return path;
        } catch (InvalidPathException e) {
            throw BadDataException.of("data", "a path", "'" + io.ketju.tensor.Excerpt.of(text) + "'");
        }
    }
}
