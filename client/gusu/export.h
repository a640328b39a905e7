/* Marks what libgusu_client.so exports; everything else in it is hidden. */
#ifndef GUSU_EXPORT_H_
#define GUSU_EXPORT_H_

#define GUSU_EXPORT __attribute__((visibility("default")))

#endif /* GUSU_EXPORT_H_ */
