/** Image datasets held as bytes, their normalisation, and single image files for prediction. */
@NullMarked
package io.ketju.data.image;

import org.jspecify.annotations.NullMarked;
