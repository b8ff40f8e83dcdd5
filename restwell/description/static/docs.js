// Starts Swagger UI; a script of its own because the page's Content-Security-Policy allows none inside of it.
const page = document.getElementById("swagger-ui");
SwaggerUIBundle({
  url: page.dataset.url,
  domNode: page,
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  validatorUrl: null,
});
