/**
 * Figures as files: {@link io.ketju.report.picture.PictureFiles} writes all of a run, {@link io.ketju.report.picture.RatePicture} the
 * curve of a search for a learning rate; {@code FigurePictures} turns each figure into one of {@code plot}.
 */
@NullMarked
package io.ketju.report.picture;

import org.jspecify.annotations.NullMarked;
