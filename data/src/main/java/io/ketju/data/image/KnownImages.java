package io.ketju.data.image;

import java.util.List;
import java.util.Optional;

/**
 * An image set that is known by its content.
 *
 * @param title the name that users type and reports print
 * @param normalization by the mean and deviation of all its training pixels
 * @param classNames in the order of the class indexes
 * @param md5 of the unpacked files in hex, in the order train images, train labels, test images, test labels: the
 *     values that public code checks; empty for a set that is recognised by other means
 */
public record KnownImages(String title, Normalization normalization, List<String> classNames, List<String> md5) {
    private static final List<String> DIGIT_NAMES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    /** MNIST, 60,000 and 10,000 digits: LeCun, Cortes, Burges. */
    public static final KnownImages MNIST = new KnownImages(
            "mnist",
            new Normalization(0.1307f, 0.3081f),
            DIGIT_NAMES,
            List.of(
                    "6bbc9ace898e44ae57da46a324031adb",
                    "a25bea736e30d166cdddb491f175f624",
                    "2646ac647ad5339dbf082846283269ea",
                    "27ae3e4e09519cfbb04c329615203637"));

    /** Fashion-MNIST, 60,000 and 10,000 articles of clothing: Xiao, Rasul, Vollgraf, arXiv:1708.07747. */
    public static final KnownImages FASHION_MNIST = new KnownImages(
            "fashion-mnist",
            new Normalization(0.2860f, 0.3530f),
            List.of(
                    "T-shirt/top",
                    "Trouser",
                    "Pullover",
                    "Dress",
                    "Coat",
                    "Sandal",
                    "Shirt",
                    "Sneaker",
                    "Bag",
                    "Ankle boot"),
            List.of(
                    "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                    "9018921c3c673c538a1fc5bad174d6f9",
                    "8181f5470baa50b63fa0f6fddb340f0a",
                    "15d484375f8d13e6eb1aabb0c3f46965"));

    /** The first 5,000 and 1,000 of Fashion-MNIST, normalised as the whole. */
    public static final KnownImages FASHION_MNIST_5K =
            new KnownImages("fashion-mnist-5k", FASHION_MNIST.normalization(), FASHION_MNIST.classNames(), List.of());

    /** 8x8 digits of pixels 0 to 16, 1,437 and 360: Alpaydin and Kaynak, UCI. */
    public static final KnownImages DIGITS =
            new KnownImages("digits", new Normalization(0.3054f, 0.3755f), DIGIT_NAMES, List.of());

    /** CIFAR-10, 50,000 and 10,000 colour images of 32 x 32: Krizhevsky 2009. Recognised by the hashes of its files. */
    public static final KnownImages CIFAR10 = new KnownImages(
            "cifar10",
            new Normalization(List.of(0.4914f, 0.4822f, 0.4465f), List.of(0.2470f, 0.2435f, 0.2616f)),
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
            List.of());

    /** Copies the lists. */
    public KnownImages {
        classNames = List.copyOf(classNames);
        md5 = List.copyOf(md5);
    }

    /**
     * The set whose unpacked files have these MD5s.
     *
     * @param md5 hex, of train images, train labels, test images, test labels
     * @return the set, if it is one of those that have such files
     */
    public static Optional<KnownImages> byMd5(List<String> md5) {
        for (KnownImages known : List.of(MNIST, FASHION_MNIST)) {
            if (known.md5.equals(md5)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }
}
