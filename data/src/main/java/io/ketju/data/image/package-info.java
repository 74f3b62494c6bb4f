/**
 * Image datasets held as bytes, their normalisation, and single image files for prediction.
 *
 * <p>The path of an image of a dataset: its {@code Pixels} lie with all others as bytes, and {@code ImageDataset.copyInput} turns
 * them into floats by a table of {@code Normalization} as they go into a batch. The path of an image file: {@code ImageFile.read}
 * decodes it, makes a {@code GrayImage} of it, resizes it, turns it into its negative where {@code Inversion} says so, and gives
 * a {@code PreparedImage} with the same normalisation. {@code KnownImages} recognises image sets by their content.
 */
@NullMarked
package io.ketju.data.image;

import org.jspecify.annotations.NullMarked;
