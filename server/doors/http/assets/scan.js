// Reads codes with the camera where the browser can: then, and only then, the button appears.
// Without it the search box takes what is typed or pasted.
(() => {
  'use strict';
  const wanted = ['qr_code', 'data_matrix', 'code_128', 'code_39', 'ean_13', 'ean_8', 'upc_a', 'itf'];
  const interval = 200;  // milliseconds between two looks

  class Scan {
    constructor(box, detector) {
      this.detector = detector;
      this.form = box.closest('form') || document.querySelector('form.search');
      this.input = this.form.querySelector('input[name="q"]');
      this.button = box.querySelector('button');
      this.video = box.querySelector('video');
      this.status = box.querySelector('[role="status"]');
      this.words = box.dataset;
      this.stream = null;
      this.button.addEventListener('click', () => (this.stream ? this.stop('') : this.start()));
      window.addEventListener('pagehide', () => this.stop(''));
      document.addEventListener('visibilitychange', () => document.hidden && this.stop(''));
      box.hidden = false;
      box.classList.add('ready');
    }

    async start() {
      this.say(this.words.starting);
      try {
        this.stream = await navigator.mediaDevices.getUserMedia({
          audio: false,
          video: { facingMode: { ideal: 'environment' } },
        });
        this.video.srcObject = this.stream;
        await this.video.play();
      } catch (error) {
        this.stop(this.words.refused);
        return;
      }
      this.video.hidden = false;
      this.button.textContent = this.words.stop;
      this.say(this.words.looking);
      this.look();
    }

    async look() {
      if (!this.stream) return;
      try {
        const codes = await this.detector.detect(this.video);
        const code = codes.find((each) => each.rawValue.trim() !== '');
        if (code && this.stream) {
          this.found(code.rawValue);
          return;
        }
      } catch (error) {
        // A picture that is not there yet; the next one may be.
      }
      setTimeout(() => this.look(), interval);
    }

    found(text) {
      this.stop('');
      this.input.value = text;
      this.form.requestSubmit();
    }

    stop(words) {
      if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
      this.stream = null;
      this.video.srcObject = null;
      this.video.hidden = true;
      this.button.textContent = this.words.start;
      this.say(words);
    }

    say(words) {
      this.status.textContent = words || '';
    }
  }

  const prepare = async () => {
    const box = document.querySelector('.scan');
    if (!box || !('BarcodeDetector' in window) || !navigator.mediaDevices) return;
    try {
      const formats = await window.BarcodeDetector.getSupportedFormats();
      const useful = wanted.filter((format) => formats.includes(format));
      if (useful.length) new Scan(box, new window.BarcodeDetector({ formats: useful }));
    } catch (error) {
      // The browser has the interface but nothing behind it: the box stays hidden.
    }
  };
  prepare();
})();
