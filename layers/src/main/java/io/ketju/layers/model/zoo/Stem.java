package io.ketju.layers.model.zoo;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import java.util.Locale;

/** How a network over images begins. */
public enum Stem {
    /** As it was published for ImageNet's images of 224 x 224: the first layers make an image smaller. */
    IMAGENET,
    /**
     * For images of 28 x 28 or 32 x 32 (He et al. 2016, section 4.2): the first convolution keeps the size, and no pooling follows where it
     * otherwise does right behind it.
     */
    SMALL;

    private static final String NAME = "stem";
    private final String text = name().toLowerCase(Locale.ROOT);

    /** With the argument that chooses one. */
    static Description describe(Description description, Stem usual) {
        return description.named(
                NAME,
                usual.text,
                "imagenet: as published; small: for 28 x 28 and 32 x 32, its beginning keeps the size");
    }

    static Stem of(Arguments arguments) {
        return valueOf(arguments.word(NAME, IMAGENET.text, SMALL.text).toUpperCase(Locale.ROOT));
    }
}
